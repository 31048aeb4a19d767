import { InputError } from '../../core/errors.ts';
import type { Judge, JudgeAnswer } from '../../judge/judge.ts';
import { PARSER_VERSION, parseVerdict } from '../../judge/parse-verdict.ts';
import {
  type JudgementRecord,
  knownJudgementKeys,
  reparseJudgements,
  saveJudgements,
} from '../../store/tables/judgement-table.ts';
import { saveJudge } from '../../store/tables/run-table.ts';
import { type MissingResults, noteMissing } from '../checks/missing.ts';
import type { Sweep } from '../open-sweep.ts';
import { collectQuestions, type Question, type RunQuestion } from '../plan/judge-requests.ts';
import { inUnits } from '../stage.ts';

/** Judgements that are written in one transaction, each with all pairs that it settles. */
const UNIT_JUDGEMENTS = 64;

/**
 * Has the judge read every pair of every cell in both orders.
 * @returns what got no verdict, already noted on the progress
 */
export async function judgeStage(sweep: Sweep): Promise<MissingResults[]> {
  if (!sweep.openJudge) throw noJudge(sweep);
  const judge = await sweep.openJudge();
  try {
    return await judgeWith(sweep, judge);
  } finally {
    await judge.close();
  }
}

/** Reads all stored texts of judges again, without asking anybody. Returns how many there are. */
export function reparseStage({ store }: Sweep): number {
  return reparseJudgements(store, PARSER_VERSION, parseVerdict, 'all');
}

/**
 * The same with a judge that is open already.
 * @throws InputError `empty` when answers are missing; the run's verdicts are then as they were
 */
export async function judgeWith(sweep: Sweep, judge: Judge): Promise<MissingResults[]> {
  const { questions, unanswered } = collectQuestions(sweep, judge);
  const { label, key, decoding, deviations } = judge;
  saveJudge(sweep.store, sweep.run, { judge: label, judgeKey: key, decoding, deviations });
  reparseJudgements(sweep.store, PARSER_VERSION, parseVerdict);
  const failures = await askAll(sweep, judge, questions);
  const pairs = sweep.instructions.length * ordersOf(sweep);
  const noAnswers = Array<string>(unanswered).fill('an answer to be judged is missing');
  return [
    ...noteMissing(sweep.progress, {
      label: `${label}: verdicts`,
      total: questions.length,
      reasons: failures,
    }),
    ...noteMissing(sweep.progress, { label: `${label}: pairs to judge`, total: pairs, reasons: noAnswers }),
  ];
}

/** Verdicts that each instruction needs. */
function ordersOf({ comparisons }: Sweep): number {
  return comparisons.reduce((sum, { exitsA, exitsB }) => sum + 2 * exitsA.length * exitsB.length, 0);
}

/** @returns why prompts got no verdict, one text for each */
async function askAll(sweep: Sweep, judge: Judge, questions: readonly RunQuestion[]): Promise<string[]> {
  const known = knownJudgementKeys(
    sweep.store,
    questions.map(({ key }) => key),
  );
  const settled = questions.filter(({ key }) => known.has(key));
  saveJudgements(sweep.store, sweep.run, { judgements: [], pairs: settled.flatMap(({ pairs }) => pairs) });
  const task = sweep.progress.start(`${judge.label}: verdicts`, questions.length, settled.length);
  const failures: string[] = [];
  try {
    const open = questions.filter(({ key }) => !known.has(key));
    const prompts = open.map((question) => ({ ...question, tag: question }));
    for await (const unit of inUnits(judge.ask(prompts, sweep.signal), UNIT_JUDGEMENTS)) {
      const answers = unit.flatMap((reply) => ('error' in reply ? [] : [reply]));
      saveJudgements(sweep.store, sweep.run, {
        judgements: answers.map((answer) => toRecord(judge, answer)),
        pairs: answers.flatMap(({ tag }) => tag.pairs),
      });
      task.advance(answers.length);
      failures.push(...unit.flatMap((reply) => ('error' in reply ? [reply.error] : [])));
    }
  } finally {
    task.end();
  }
  return failures;
}

/** What a judge answered to a prompt, as the store keeps it. */
export function toRecord(judge: Judge, answer: JudgeAnswer & { readonly tag: Question }): JudgementRecord {
  const { tag, cutTokens, rawText, stopReason, promptTokens, generatedTokens, durationMs } = answer;
  return {
    judgementKey: tag.key,
    judgeKey: judge.key,
    promptSha256: tag.promptSha256,
    // The key does not go by it; how much of the responses the judge did not read stands with its text.
    decoding: {
      ...judge.decoding,
      ...(cutTokens && { cutTokens }),
      ...(tag.cutCharacters > 0 && { cutCharacters: tag.cutCharacters }),
    },
    rawText,
    slotVerdict: parseVerdict(rawText),
    parserVersion: PARSER_VERSION,
    stopReason,
    promptTokens,
    generatedTokens,
    durationMs,
  };
}

function noJudge({ run }: Sweep): InputError {
  return new InputError({
    code: 'bad-config',
    where: `sweep ${run}: judge`,
    expected: 'a judge',
    found: 'none',
    fix: 'Add `judge: {path: …}` to the sweep file.',
  });
}
