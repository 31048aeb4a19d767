import type { Comparison, Instruction, Order } from '../../core/domain.ts';
import { sha256 } from '../../core/sha256.ts';
import { fitText } from '../../judge/fit-prompt.ts';
import type { Judge, JudgePrompt } from '../../judge/judge.ts';
import { type JudgedPair, judgementKey } from '../../store/tables/judgement-table.ts';
import type { Sweep } from '../open-sweep.ts';
import { type FoundTexts, findAnswerTexts } from './answer-texts.ts';

/** What a judge is asked about two answers. */
export interface Question extends Required<Omit<JudgePrompt<unknown>, 'tag'>> {
  /** Of its judgement. */
  readonly key: string;
  readonly promptSha256: string;
  /** Of the responses, before the judge was asked; 0: none. */
  readonly cutCharacters: number;
}

/** With every pair of the run that it settles: equal answers make equal prompts. */
export interface RunQuestion extends Question {
  readonly pairs: JudgedPair[];
}

export interface Questions {
  readonly questions: readonly RunQuestion[];
  /** Pairs, in either order, that cannot be judged because an answer could not be had. */
  readonly unanswered: number;
}

/**
 * All prompts of the run, by instruction and then by text.
 * @throws InputError `empty` when answers of a model in this process are missing: they were not generated yet
 */
export function collectQuestions(sweep: Sweep, judge: Judge): Questions {
  const questions = new Map<string, RunQuestion>();
  const sorted: RunQuestion[] = [];
  const answers = findAnswerTexts(sweep);
  let unanswered = 0;
  for (const instruction of sweep.instructions) {
    const fresh: RunQuestion[] = [];
    for (const comparison of sweep.comparisons) {
      for (const pair of pairsOf(comparison, instruction)) {
        const responses = responsesOf(answers, comparison, pair);
        if (responses) addQuestion(questions, fresh, judge, { instruction, responses }, pair);
        else unanswered++;
      }
    }
    sorted.push(...fresh.sort(byText));
  }
  return { questions: sorted, unanswered };
}

/** Prompts that begin alike become neighbours, so that a local judge reads the beginning once. */
export function byText({ text: left }: Question, { text: right }: Question): number {
  return left < right ? -1 : Number(left > right);
}

/** Keyed by what the judge reads: another limit of its prompts changes the keys of just those that it cuts. */
export function toQuestion(
  judge: Judge,
  pair: Question['pair'],
  { text, cutCharacters } = fitText(pair, judge.maxPromptCharacters),
): Question {
  const promptSha256 = sha256(text);
  const key = judgementKey({ judgeKey: judge.key, promptSha256, decoding: judge.decoding });
  return { key, promptSha256, text, pair, cutCharacters };
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
  questions: Map<string, RunQuestion>,
  fresh: RunQuestion[],
  judge: Judge,
  asked: Question['pair'],
  pair: Pair,
): void {
  const fitted = fitText(asked, judge.maxPromptCharacters);
  const known = questions.get(fitted.text);
  const question = known ?? { ...toQuestion(judge, asked, fitted), pairs: [] };
  question.pairs.push({ ...pair, judgementKey: question.key });
  if (known) return;
  questions.set(fitted.text, question);
  fresh.push(question);
}
