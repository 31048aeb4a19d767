/**
 * Score = (W − L) / T (Sorted LLaMA, arXiv 2309.08968, with T as its tables use it: the number of
 * instructions).
 */

import type { Cell, CellOutcomes, Counts, MalformedRule, Outcome, Policy, Score } from '../core/domain.ts';
import { countOutcomes, outcomeValue } from '../judge/reconcile.ts';
import { type Interval, meanInterval, type Resamples } from './bootstrap.ts';

/**
 * (wins − losses) / total, with the counts it came from.
 *
 * @throws RangeError where nothing was counted: no data is not a score of 0
 */
export function scoreOf(counts: Counts, where = 'score'): Score {
  if (counts.total > 0) return { ...counts, score: (counts.wins - counts.losses) / counts.total };
  throw new RangeError(`${where}: nothing was counted`);
}

/** A cell whose verdicts are all malformed says nothing, though its formula gives 0. */
export function isAllMalformed({ malformed, total }: Pick<Counts, 'malformed' | 'total'>): boolean {
  return malformed >= total;
}

/**
 * Score of every cell of a comparison, in the order given. @throws RangeError that names a cell without
 * outcomes
 */
export function cellScores(
  cells: readonly CellOutcomes[],
  policy: Policy,
  malformedRule: MalformedRule = 'dropped',
): (Cell & Score)[] {
  return cells.map(({ exitA, exitB, outcomes }) => {
    const counts = countOutcomes(outcomes, policy, malformedRule);
    return { exitA, exitB, ...scoreOf(counts, `cell of exit ${exitA} against exit ${exitB}`) };
  });
}

/**
 * Bootstrap interval of a cell's score. Give every cell of a run the same `resamples`, drawn over the run's
 * instructions.
 *
 * @throws RangeError without outcomes
 */
export function scoreInterval(
  resamples: Resamples,
  outcomes: readonly Outcome[],
  policy: Policy,
  malformedRule: MalformedRule = 'dropped',
  level = 0.95,
): Interval {
  const values = new Map(
    outcomes.map((outcome) => [outcome.instructionId, outcomeValue(outcome, policy, malformedRule)]),
  );
  return meanInterval(resamples, values, level);
}
