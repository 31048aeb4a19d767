/**
 * Does a cell favour one model beyond chance? Exact sign test for each cell, Holm's correction over all of
 * them.
 */

import type { Cell, CellOutcomes, MalformedRule, Policy } from '../core/domain.ts';
import { outcomeValue } from '../judge/reconcile.ts';

/** Claims with a larger p-value count as chance. */
export const SIGNIFICANCE = 0.05;

/** Whether a p-value, corrected or not, counts as more than chance: at the level itself too. */
export function isSignificant(pValue: number): boolean {
  return pValue <= SIGNIFICANCE;
}

/** A cell's p-values: of its own test, and corrected over the cells of its matrix; `null` where that was not computed. */
export interface CellPValues {
  readonly pValue: number | null;
  readonly pHolm: number | null;
}

/** Whether chance explains a cell: by the corrected p-value where there is one. A cell without a test is not said to. */
export function isByChance({ pHolm, pValue }: CellPValues): boolean {
  const value = pHolm ?? pValue;
  return value !== null && !isSignificant(value);
}

/**
 * Exact two-sided sign test: the chance of a split at least this uneven if both sides were equally likely.
 */
export interface SignTest {
  readonly positive: number;
  readonly negative: number;
  /** Left out of the test, as usual. */
  readonly zero: number;
  /** In [0, 1]; 1 where all values are zero. */
  readonly pValue: number;
}

/** A cell's test beside the p-value corrected for the number of cells. */
export interface CellSignTest extends Cell, SignTest {
  readonly adjustedPValue: number;
}

/**
 * Sign test of every cell of a matrix. The values are the instructions' parts of the score: a win in one
 * order and a tie in the other is a plus, one win for each model is a zero.
 *
 * @throws RangeError where a cell has no outcomes
 */
export function cellSignTests(
  cells: readonly CellOutcomes[],
  policy: Policy,
  malformedRule: MalformedRule = 'dropped',
): CellSignTest[] {
  const tests = cells.map(({ outcomes }) =>
    signTest(outcomes.map((outcome) => outcomeValue(outcome, policy, malformedRule))),
  );
  const adjusted = holm(tests.map(({ pValue }) => pValue));
  return cells.map(({ exitA, exitB }, index) => ({
    exitA,
    exitB,
    ...tests[index]!,
    adjustedPValue: adjusted[index]!,
  }));
}

/** @param values one for each instruction; only their signs matter. @throws RangeError without values */
export function signTest(values: readonly number[]): SignTest {
  if (values.length === 0) throw new RangeError('a sign test of no values');
  const positive = values.filter((value) => value > 0).length;
  const negative = values.filter((value) => value < 0).length;
  return {
    positive,
    negative,
    zero: values.length - positive - negative,
    pValue: signPValue(positive, negative),
  };
}

/**
 * p-values corrected after Holm (1979), in the order given: all claims at once are wrong with at most that
 * chance.
 */
export function holm(pValues: readonly number[]): number[] {
  const ascending = pValues.map((pValue, index) => ({ pValue, index })).sort((x, y) => x.pValue - y.pValue);
  const adjusted = new Array<number>(pValues.length);
  let largest = 0;
  for (const [rank, { pValue, index }] of ascending.entries()) {
    largest = Math.max(largest, Math.min(1, (pValues.length - rank) * pValue));
    adjusted[index] = largest;
  }
  return adjusted;
}

/**
 * Twice the smaller tail of Binomial(positive + negative, ½). Through logarithms, for 2⁻ⁿ underflows above n
 * = 1074.
 */
function signPValue(positive: number, negative: number): number {
  const trials = positive + negative;
  let logChoose = 0;
  let tail = 0;
  for (let count = 0; count <= Math.min(positive, negative); count++) {
    if (count > 0) logChoose += Math.log(trials - count + 1) - Math.log(count);
    tail += Math.exp(logChoose - trials * Math.LN2);
  }
  return Math.min(1, 2 * tail);
}
