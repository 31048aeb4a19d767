import { describe, expect, it } from 'vitest';
import { medianRank } from '../../src/metrics/median-interval.ts';

describe('the interval of a median', () => {
  // Table of the sign test's two-sided 5 % limits, e.g. Conover, Practical Nonparametric Statistics, table A3; also
  // python -c "from scipy.stats import binom; print([int(binom.ppf(.025, n, .5)) for n in (6, 9, 10, 12, 20, 50, 100)])"
  it.each([
    [6, 1],
    [8, 1],
    [9, 2],
    [10, 2],
    [12, 3],
    [20, 6],
    [50, 18],
    [100, 40],
  ])('of %d values goes from the %d. lowest to the one as far from the highest', (count, rank) => {
    expect(medianRank(count)).toBe(rank);
  });

  it.each([0, 1, 5])('of %d values is not known: none reaches 95 %%', (count) => {
    expect(medianRank(count)).toBeUndefined();
  });
});
