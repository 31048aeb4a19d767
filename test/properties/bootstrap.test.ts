import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawResamples, meanInterval } from '../../src/metrics/bootstrap.ts';
import { check } from './check.ts';

const score = fc.double({ min: -1, max: 1, noNaN: true });
const values = fc.array(score, { minLength: 1, maxLength: 20 });
const seed = fc.nat(1000);

const named = (values: readonly number[]) => new Map(values.map((value, index) => [`i${index}`, value]));
const intervalOf = (values: readonly number[], seed: number, level?: number) =>
  meanInterval(drawResamples(named(values).keys(), { seed, resamples: 200 }), named(values), level);

/** Sums of the same numbers in another order. */
const ROUNDING = 1e-12;

describe('the bootstrap interval of a mean', () => {
  it('lies between the smallest and the largest value, its low end below its high end', () => {
    check(fc.tuple(values, seed), ([values, seed]) => {
      const { low, high } = intervalOf(values, seed);
      expect(low).toBeGreaterThanOrEqual(Math.min(...values) - ROUNDING);
      expect(high).toBeLessThanOrEqual(Math.max(...values) + ROUNDING);
      expect(low).toBeLessThanOrEqual(high);
    });
  });

  it('contains that of a lower level', () => {
    check(fc.tuple(values, seed), ([values, seed]) => {
      const [wide, narrow] = [intervalOf(values, seed, 0.95), intervalOf(values, seed, 0.5)];
      expect(wide.low).toBeLessThanOrEqual(narrow.low);
      expect(wide.high).toBeGreaterThanOrEqual(narrow.high);
    });
  });

  it('changes places and signs with negated values', () => {
    check(fc.tuple(values, seed), ([values, seed]) => {
      const { low, high } = intervalOf(values, seed);
      const negated = intervalOf(
        values.map((value) => -value),
        seed,
      );
      expect(negated.low).toBeCloseTo(-high, 9);
      expect(negated.high).toBeCloseTo(-low, 9);
    });
  });
});

describe('resamples', () => {
  it('draw as many ids as there are, and the same ones however the ids are ordered', () => {
    check(fc.tuple(fc.uniqueArray(fc.string(), { minLength: 1, maxLength: 20 }), seed), ([ids, seed]) => {
      const { multiplicities, ids: sorted } = drawResamples(ids, { seed, resamples: 20 });
      for (const drawn of multiplicities) {
        expect(drawn.reduce((sum, count) => sum + count, 0)).toBe(ids.length);
      }
      const reversed = drawResamples(ids.toReversed(), { seed, resamples: 20 });
      expect(reversed).toEqual({ ids: sorted, multiplicities, seed });
    });
  });
});
