import { describe, expect, it } from 'vitest';
import { medianRank } from '../../../src/metrics/median-interval.ts';
import { openMemory } from '../../../src/store/sqlite-driver.ts';
import { meanMargin, medianRankOf } from '../../../src/store/views/interval-rules.ts';

const evaluated = (sql: string) => openMemory().value(`SELECT ${sql}`);

describe('rules of intervals, in SQL', () => {
  // python -c "from scipy.stats import t; print([t.ppf(.975, n - 1) for n in (2, 3, …)])"
  it.each([
    ...[[2, 12.706205] as const, [3, 4.302653] as const, [4, 3.182446] as const, [13, 2.178813] as const],
    ...[[30, 2.04523] as const, [31, 2.042272] as const, [32, 2.039513] as const, [41, 2.021075] as const],
    ...[[170, 1.9741] as const, [5000, 1.960439] as const],
  ])('a mean of %d values has the t that scipy has', (count, t) => {
    // The variance makes the rest of the formula 1.
    const margin = evaluated(meanMargin(`${count}`, `${count}.0`)) as number;
    expect(Math.abs(margin - t)).toBeLessThan(2e-6);
  });

  it('a mean of one value has none', () => {
    expect(evaluated(meanMargin('1', 'NULL'))).toBeNull();
  });

  it('the rank of a median is that of metrics, for every number of repetitions', () => {
    for (let count = 1; count <= 100; count++)
      expect(evaluated(medianRankOf(`${count}`))).toBe(medianRank(count) ?? null);
  });
});
