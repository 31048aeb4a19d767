import { describe, expect, it } from 'vitest';
import { medianRank } from '../../../src/metrics/median-interval.ts';
import { SIMULTANEOUS_Z } from '../../../src/metrics/not-worse.ts';
import { openMemory } from '../../../src/store/sqlite-driver.ts';
import {
  adjustedEnd,
  meanMargin,
  medianRankOf,
  simultaneousZ,
} from '../../../src/store/views/interval-rules.ts';
import { normalQuantile } from '../../support/oracles/gap-interval.ts';
import { type Random, seededRandom } from '../../support/random.ts';

const database = openMemory();
const evaluated = (sql: string) => database.value(`SELECT ${sql}`);

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

describe('the interval of one of k differences, in SQL', () => {
  it.each(SIMULTANEOUS_Z)('has for k = %d the quantile %d', (exits, z) => {
    expect(evaluated(simultaneousZ(`${exits}`))).toBe(z);
    expect(normalQuantile(1 - 0.025 / exits)).toBeCloseTo(z, 5);
  });

  it('is never too narrow between two listed k, and unknown beyond them', () => {
    expect(evaluated(simultaneousZ('17'))).toBe(3.023341);
    expect(evaluated(simultaneousZ('1025'))).toBeNull();
  });

  // Eight exits that are all worse by just the margin, 2,000 times: one that is called not worse is an error.
  it.each([30, 60, 170])('calls an exit not worse that is worse in few runs, of %d instructions', (n) => {
    const random = seededRandom(n);
    const runs = 2000;
    let wrong = 0;
    for (let run = 0; run < runs; run++) {
      const passed = Array.from({ length: 8 }, () => lowEnd(drawn(random, n), 8)).some((low) => low > -0.1);
      wrong += Number(passed);
    }
    expect(wrong / runs).toBeLessThan(0.05);
  });
});

/** Pairs of which 20 % win and 30 % lose, the rest tie. */
function drawn(random: Random, n: number): number[] {
  return Array.from({ length: n }, () => {
    const at = random.uniform();
    return at < 0.2 ? 1 : at < 0.5 ? -1 : 0;
  });
}

const LOW_END = `SELECT ${adjustedEnd('-', '@z')} AS low FROM (SELECT @n AS n, @total AS total, @squares AS squares)`;

function lowEnd(values: readonly number[], exits: number): number {
  const total = values.reduce((sum, value) => sum + value, 0);
  const squares = values.reduce((sum, value) => sum + value * value, 0);
  const z = evaluated(simultaneousZ(`${exits}`)) as number;
  return database.get<{ low: number }>(LOW_END, { n: values.length, total, squares, z })!.low;
}
