import { InputError } from '../errors.ts';
import { readAnswers, type StoredAnswer } from '../store/answers.ts';
import type { Sweep } from './open.ts';

/** The answer of a sub-model to an instruction. */
export type StoredAnswers = (model: string, exit: number, instructionId: string) => StoredAnswer;
export type AnswerTexts = (model: string, exit: number, instructionId: string) => string;

/**
 * Looks up the run's answers, each sub-model's read once.
 * @throws InputError `empty` for an answer that was not generated yet
 */
export function readStoredAnswers({ store, run }: Sweep): StoredAnswers {
  const read = new Map<string, Map<string, StoredAnswer>>();
  return (model, exit, instructionId) => {
    const key = `${model}@${exit}`;
    const answers = read.get(key) ?? readAnswers(store, run, { model, exit });
    read.set(key, answers);
    const answer = answers.get(instructionId);
    if (answer) return answer;
    throw new InputError({
      code: 'empty',
      where: `${store.path}: run ${run}`,
      expected: `an answer of ${key} to instruction ${instructionId}`,
      found: 'none',
      fix: 'Run the generate stage first: sorted-eval generate <sweep.yaml>.',
    });
  };
}

export function readAnswerTexts(sweep: Sweep): AnswerTexts {
  const answers = readStoredAnswers(sweep);
  return (model, exit, instructionId) => answers(model, exit, instructionId).text;
}
