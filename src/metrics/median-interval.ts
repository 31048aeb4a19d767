/**
 * Interval of a median by order statistics (Conover, Practical Nonparametric Statistics, 3.2): the r-th lowest and the r-th
 * highest of n values enclose the median of what they are drawn from unless fewer than r lie on one side of it, whatever
 * the distribution.
 */

/** Level of the interval: it holds the median with at least this probability. */
const LEVEL = 0.95;

/**
 * Rank r, from 1, of the ends of an interval of at least 95 %, as narrow as there is.
 * @returns `undefined` where even the lowest and the highest are not enough: below 6 values
 */
export function medianRank(count: number): number | undefined {
  let rank = 0;
  let missed = 0;
  // P(Bin(n, 1/2) = rank), exact in powers of two up to 50 values and beyond that to 15 digits.
  let probability = 0.5 ** count;
  while (2 * (missed + probability) <= 1 - LEVEL) {
    missed += probability;
    probability *= (count - rank) / (rank + 1);
    rank += 1;
  }
  return rank === 0 ? undefined : rank;
}
