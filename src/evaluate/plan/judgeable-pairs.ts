import type { Cell, Comparison } from '../../core/domain.ts';
import { readUnanswered } from '../../store/tables/response-table.ts';
import type { RunContext } from './run-context.ts';

/** Pairs of a cell that are to be judged: one for each instruction, but those of which a response is no answer. */
export type JudgeablePairs = (comparison: Pick<Comparison, 'modelA' | 'modelB'>, cell: Cell) => number;

export function judgeablePairs({ store, run, instructions }: RunContext): JudgeablePairs {
  const unanswered = new Map<string, Set<string>>();
  for (const { model, exit, instructionId } of readUnanswered(store, run)) {
    const key = `${model}@${exit}`;
    unanswered.set(key, (unanswered.get(key) ?? new Set()).add(instructionId));
  }
  return ({ modelA, modelB }, { exitA, exitB }) => {
    const ofA = unanswered.get(`${modelA}@${exitA}`) ?? [];
    const ofB = unanswered.get(`${modelB}@${exitB}`) ?? [];
    return instructions.length - new Set([...ofA, ...ofB]).size;
  };
}
