import type { Comparison, Instruction, Order } from '../domain.ts';
import type { Judge } from '../judge/judge.ts';
import { judgePrompt } from '../judge/prompt.ts';
import { sha256 } from '../model/hash.ts';
import { type JudgedPair, judgementKey } from '../store/judgements.ts';
import { type FoundTexts, findAnswerTexts } from './answer-texts.ts';
import type { Sweep } from './open.ts';

/** A prompt for the judge and every pair of the run that it settles: equal answers make equal prompts. */
export interface Question {
  readonly key: string;
  readonly promptSha256: string;
  readonly text: string;
  readonly instruction: Instruction;
  /** In slots 1 and 2. */
  readonly responses: readonly [string, string];
  readonly pairs: JudgedPair[];
}

export interface Questions {
  readonly questions: readonly Question[];
  /** Pairs, in either order, that cannot be judged because an answer could not be had. */
  readonly unanswered: number;
}

/**
 * All prompts of the run, by instruction: prompts that share their beginning stay together.
 * @throws InputError `empty` when answers of a model in this process are missing: they were not generated yet
 */
export function collectQuestions(sweep: Sweep, judge: Judge): Questions {
  const questions = new Map<string, Question>();
  const answers = findAnswerTexts(sweep);
  let unanswered = 0;
  for (const instruction of sweep.instructions) {
    for (const comparison of sweep.comparisons) {
      for (const pair of pairsOf(comparison, instruction)) {
        const responses = responsesOf(answers, comparison, pair);
        if (responses) addQuestion(questions, judge, instruction, pair, responses);
        else unanswered++;
      }
    }
  }
  return { questions: [...questions.values()], unanswered };
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

/** The two answers in the order of their slots; undefined where one could not be had. */
function responsesOf(
  answers: FoundTexts,
  { modelA, modelB }: Comparison,
  pair: Pair,
): readonly [string, string] | undefined {
  const a = answers(modelA, pair.exitA, pair.instructionId);
  const b = answers(modelB, pair.exitB, pair.instructionId);
  if (a === undefined || b === undefined) return undefined;
  return pair.order === 'ab' ? [a, b] : [b, a];
}

function addQuestion(
  questions: Map<string, Question>,
  judge: Judge,
  instruction: Instruction,
  pair: Pair,
  responses: readonly [string, string],
): void {
  const text = judgePrompt(instruction, ...responses);
  let question = questions.get(text);
  if (!question) {
    const promptSha256 = sha256(text);
    const key = judgementKey({ judgeKey: judge.key, promptSha256, decoding: judge.decoding });
    question = { key, promptSha256, text, instruction, responses, pairs: [] };
    questions.set(text, question);
  }
  question.pairs.push({ ...pair, judgementKey: question.key });
}
