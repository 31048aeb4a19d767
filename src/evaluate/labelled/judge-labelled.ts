import { InputError } from '../../core/errors.ts';
import type { LabelledPair } from '../../data/human-labels.ts';
import type { JudgedPair } from '../../data/recorded/recorded-verdicts.ts';
import type { Judge } from '../../judge/judge.ts';
import type { Store } from '../../store/database.ts';
import { countCutJudgements, readJudgeTexts } from '../../store/tables/judgement-table.ts';
import { byText, toJudgeRequest } from '../plan/judge-requests.ts';
import { runStage, type StageOptions } from '../stage.ts';
import { judgingStage } from '../stages/judge-stage.ts';

/** Judgements that are written in one transaction. */
const UNIT_JUDGEMENTS = 16;
/** These judgements belong to no run: they are found by their content keys alone. */
const NO_RUN = '';

export interface JudgedLabels {
  readonly pairs: JudgedPair[];
  /** Distinct prompts of which the judge did not read all of the responses. */
  readonly cut: number;
}

/**
 * Judges every labelled pair once, response 1 in slot 1, as PandaLM's evaluation does. What is stored is not judged again.
 * @throws InputError `unanswered` if prompts got no answer: what was answered is stored
 */
export async function judgeLabelled(
  store: Store,
  judge: Judge,
  pairs: readonly LabelledPair[],
  options: StageOptions,
): Promise<JudgedLabels> {
  const all = pairs.map(({ response1, response2, ...instruction }) =>
    toJudgeRequest(judge, { instruction, responses: [response1, response2] }),
  );
  const requests = [...new Map(all.map((request) => [request.key, request])).values()].sort(byText);
  const plan = { name: 'labelled pairs', requests, unit: UNIT_JUDGEMENTS };
  const { reasons } = await runStage(judgingStage(store, NO_RUN, judge, plan), options);
  const keys = requests.map(({ key }) => key);
  const texts = readJudgeTexts(store, keys);
  if (texts.size < requests.length) throw unanswered(judge, requests.length - texts.size, reasons[0]);
  // Parsed again: a stored verdict may be of an older parser.
  const verdict = (index: number) => judge.protocol.parse(texts.get(all[index]!.key)!).slotVerdict;
  return {
    pairs: pairs.map((pair, index) => ({ ...pair, verdict: verdict(index) })),
    cut: countCutJudgements(store, keys),
  };
}

function unanswered({ label }: Judge, missing: number, failure: string | undefined): InputError {
  const found = `none to ${missing} of them${failure === undefined ? '' : `: ${failure}`}`;
  const fix = 'The other answers are stored: the same command sends only the missing prompts.';
  const expected = 'an answer to every prompt';
  return new InputError({ code: 'unanswered', where: `judge ${label}`, expected, found, fix });
}
