import type { Judge, JudgeAnswer } from '../../judge/judge.ts';
import type { PreparedJudge } from '../../sources/sources.ts';
import type { Store } from '../../store/database.ts';
import { type JudgeRecord, saveJudge } from '../../store/tables/judge-table.ts';
import {
  dropUnansweredPairs,
  knownJudgementKeys,
  saveJudgements,
} from '../../store/tables/judgement-table.ts';
import { type MissingResults, noteMissing } from '../checks/missing.ts';
import { collectJudgeRequests, type JudgeRequest } from '../plan/judge-requests.ts';
import { requireJudge } from '../plan/require-judge.ts';
import type { ComparisonsContext } from '../plan/run-context.ts';
import { inUnits, runStage, type Stage, type StageContext } from '../stage.ts';
import { reparseOutdated } from './reparse-stage.ts';

export type JudgeContext = StageContext & ComparisonsContext;

/** Judgements that are written in one transaction, each with all pairs that it settles. */
const UNIT_JUDGEMENTS = 64;

/**
 * Judges every pair of every cell in both orders.
 * @returns what got no verdict, already noted on the progress
 */
export async function judgeStage(
  context: JudgeContext & { readonly judge: PreparedJudge | undefined },
): Promise<MissingResults[]> {
  const prepared = requireJudge(context.judge, `sweep ${context.run}: judge`);
  const judge = await prepared.open();
  try {
    return await judgeWith(context, judge, prepared.setup);
  } finally {
    await judge.close();
  }
}

/**
 * The same with a judge that is open already.
 * @throws InputError `empty` if responses are not generated yet; the run's verdicts are then as they were
 * @param setup the judge in the sweep file
 */
export async function judgeWith(
  context: JudgeContext,
  judge: Judge,
  setup?: JudgeRecord['setup'],
): Promise<MissingResults[]> {
  const { store, run, progress } = context;
  const { requests, pairs, missing, unanswered } = collectJudgeRequests(context, judge);
  const { label, key, decoding, deviations, model } = judge;
  saveJudge(store, run, { judge: label, judgeKey: key, decoding, deviations, model, setup });
  reparseOutdated(store, judge.protocol);
  dropUnansweredPairs(store, run);
  const stage = judgingStage(store, run, judge, { name: 'verdicts', requests, unit: UNIT_JUDGEMENTS });
  if (unanswered > 0)
    progress.note(
      `${label}: ${unanswered} of ${pairs + unanswered} pairs are not judged: a response is no answer`,
    );
  const reasons = Array<string>(missing).fill('an answer to be judged is missing');
  return [
    ...noteMissing(progress, await runStage(stage, context)),
    ...noteMissing(progress, { label: `${label}: pairs to judge`, total: pairs, reasons }),
  ];
}

/** What a judge writes to requests, in transactions of `unit` judgements; `run` gets the pairs that they settle. */
export function judgingStage(
  store: Store,
  run: string,
  judge: Judge,
  { name, requests, unit }: { name: string; requests: readonly JudgeRequest[]; unit: number },
) {
  const tagged = (request: JudgeRequest) => ({ ...request, tag: request });
  const pairsOf = (settling: readonly JudgeRequest[]) => settling.flatMap(({ pairs }) => pairs);
  return {
    label: `${judge.label}: ${name}`,
    items: requests,
    keysOf: ({ key }) => [key],
    known: (keys) => knownJudgementKeys(store, keys),
    settle: (known) => saveJudgements(store, run, { judgements: [], pairs: pairsOf(known) }),
    compute: (open, signal) => inUnits(judge.ask(open.map(tagged), signal), unit),
    save: (answers) =>
      saveJudgements(store, run, {
        judgements: answers.map((answer) => toRecord(judge, answer)),
        pairs: pairsOf(answers.map(({ tag }) => tag)),
      }),
  } satisfies Stage<JudgeRequest, TaggedAnswer>;
}

type TaggedAnswer = JudgeAnswer & { readonly tag: JudgeRequest };

function toRecord({ key, decoding, protocol }: Judge, { tag, cutTokens, ...answer }: TaggedAnswer) {
  const { truncatedCharacters: cutCharacters } = tag;
  // Not part of the key; how much of the responses the judge did not read is stored with its text.
  const cut = { ...(cutTokens && { cutTokens }), ...(cutCharacters > 0 && { cutCharacters }) };
  const { state, rawText, parsedText } = answer;
  const slotVerdict =
    state === 'answered' ? protocol.parse((parsedText ?? rawText)!).slotVerdict : 'malformed';
  const verdict = { slotVerdict, parserVersion: protocol.version };
  const keys = { judgementKey: tag.key, judgeKey: key, promptSha256: tag.promptSha256 };
  return { ...answer, ...keys, ...verdict, decoding: { ...decoding, ...cut } };
}
