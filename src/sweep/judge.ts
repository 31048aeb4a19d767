import type { Comparison, Instruction, Order } from '../domain.ts';
import { InputError } from '../errors.ts';
import type { Judge, JudgeAnswer } from '../judge/judge.ts';
import { openLocalJudge } from '../judge/local-judge.ts';
import { PARSER_VERSION, parseVerdict } from '../judge/parse.ts';
import { judgePrompt } from '../judge/prompt.ts';
import { sha256 } from '../model/hash.ts';
import {
  type JudgedPair,
  type JudgementRecord,
  judgementKey,
  knownJudgementKeys,
  reparseJudgements,
  saveJudgements,
} from '../store/judgements.ts';
import { saveJudge } from '../store/runs.ts';
import { type AnswerTexts, readAnswerTexts } from './answer-texts.ts';
import { inBatches } from './batches.ts';
import type { Sweep } from './open.ts';

/** Judgements that are written in one transaction, each with all pairs that it settles. */
const UNIT_JUDGEMENTS = 64;

/** A prompt for the judge and every pair of the run that it settles: equal answers make equal prompts. */
interface Question {
  readonly key: string;
  readonly promptSha256: string;
  readonly text: string;
  readonly pairs: JudgedPair[];
}

/** Has the judge read every pair of every cell in both orders. */
export async function judgeStage(sweep: Sweep): Promise<void> {
  const { config, judgeFolder } = sweep;
  if (!config.judge || judgeFolder === undefined) throw noJudge(sweep);
  const judge = await openLocalJudge(judgeFolder, { ...config.judge, label: config.judge.label ?? 'judge' });
  try {
    await judgeWith(sweep, judge);
  } finally {
    await judge.close();
  }
}

/**
 * The same with a judge that is open already.
 * @throws InputError `empty` when answers are missing; the run's verdicts are then as they were
 */
export async function judgeWith(sweep: Sweep, judge: Judge): Promise<void> {
  const questions = collectQuestions(sweep, judge);
  const { label, key, decoding, deviations } = judge;
  saveJudge(sweep.store, sweep.run, { judge: label, judgeKey: key, decoding, deviations });
  reparseJudgements(sweep.store, PARSER_VERSION, parseVerdict);
  await askAll(sweep, judge, questions);
}

async function askAll(sweep: Sweep, judge: Judge, questions: readonly Question[]): Promise<void> {
  const known = knownJudgementKeys(
    sweep.store,
    questions.map(({ key }) => key),
  );
  const settled = questions.filter(({ key }) => known.has(key));
  saveJudgements(sweep.store, sweep.run, { judgements: [], pairs: settled.flatMap(({ pairs }) => pairs) });
  const task = sweep.progress.start(`${judge.label}: verdicts`, questions.length, settled.length);
  try {
    const open = questions.filter(({ key }) => !known.has(key));
    const prompts = open.map((question) => ({ tag: question, text: question.text }));
    for await (const unit of inBatches(judge.ask(prompts, sweep.signal), UNIT_JUDGEMENTS)) {
      saveJudgements(sweep.store, sweep.run, {
        judgements: unit.map((answer) => toRecord(judge, answer)),
        pairs: unit.flatMap(({ tag }) => tag.pairs),
      });
      task.advance(unit.length);
    }
  } finally {
    task.end();
  }
}

/** All prompts of the run, by instruction: prompts that share their beginning stay together. */
function collectQuestions(sweep: Sweep, judge: Judge): Question[] {
  const questions = new Map<string, Question>();
  const answers = readAnswerTexts(sweep);
  for (const instruction of sweep.instructions) {
    for (const comparison of sweep.comparisons) {
      for (const pair of pairsOf(comparison, instruction)) {
        addQuestion(questions, judge, instruction, pair, textsOf(answers, comparison, pair));
      }
    }
  }
  return [...questions.values()];
}

type Pair = Omit<JudgedPair, 'judgementKey'>;

function* pairsOf({ name, exitsA, exitsB }: Comparison, { id }: Instruction): Generator<Pair> {
  const orders: readonly Order[] = ['ab', 'ba'];
  for (const exitA of exitsA) {
    for (const exitB of exitsB) {
      for (const order of orders) yield { comparison: name, exitA, exitB, instructionId: id, order };
    }
  }
}

/** The two answers in the order of their slots. */
function textsOf(answers: AnswerTexts, { modelA, modelB }: Comparison, pair: Pair): [string, string] {
  const a = answers(modelA, pair.exitA, pair.instructionId);
  const b = answers(modelB, pair.exitB, pair.instructionId);
  return pair.order === 'ab' ? [a, b] : [b, a];
}

function addQuestion(
  questions: Map<string, Question>,
  judge: Judge,
  instruction: Instruction,
  pair: Pair,
  [response1, response2]: readonly [string, string],
): void {
  const text = judgePrompt(instruction, response1, response2);
  let question = questions.get(text);
  if (!question) {
    const promptSha256 = sha256(text);
    const key = judgementKey({ judgeKey: judge.key, promptSha256, decoding: judge.decoding });
    question = { key, promptSha256, text, pairs: [] };
    questions.set(text, question);
  }
  question.pairs.push({ ...pair, judgementKey: question.key });
}

/** What a judge answered to a prompt, as the store keeps it. */
export function toRecord(
  judge: Judge,
  answer: JudgeAnswer & { readonly tag: Pick<Question, 'key' | 'promptSha256'> },
): JudgementRecord {
  const { tag, rawText, stopReason, promptTokens, generatedTokens, durationMs } = answer;
  return {
    judgementKey: tag.key,
    judgeKey: judge.key,
    promptSha256: tag.promptSha256,
    decoding: judge.decoding,
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
