import { describe, expect, it } from 'vitest';
import { fromZeroAxis, roundRange } from '../../../src/figures/axis/linear-axis.ts';
import { decade } from '../../../src/figures/chart/decades.ts';

describe('an axis from zero', () => {
  it.each([
    [6.56, 7, 1],
    [0.525, 0.6, 0.1],
    [3938, 4000, 500],
    [1, 1, 0.2],
    [1e-5, 1e-5, 2e-6],
    [0, 1, 0.25],
  ])('up to %d ends at %d in steps of %d', (highest, max, stepSize) => {
    expect(roundRange(highest)).toEqual({ max, stepSize });
  });

  it('has at most eight steps, and room above the highest value', () => {
    for (let value = 0.001; value < 1e6; value *= 1.37) {
      const { max, ticks } = fromZeroAxis([value], '', 300);
      expect(max / ticks.stepSize).toBeLessThanOrEqual(8.0001);
      expect(max).toBeGreaterThanOrEqual(value * 1.0499);
      expect(max).toBeLessThan(value * 1.6);
    }
  });

  it('writes its numbers with thousands apart', () => {
    expect([0, 0.25, 12500].map(fromZeroAxis([1], '', 300).ticks.callback)).toEqual(['0', '0.25', '12,500']);
  });
});

describe('decade', () => {
  it('is exact at every power of ten', () => {
    for (let power = -12; power <= 12; power++)
      expect(decade(Number(`1e${power}`))).toBe(Number(`1e${power}`));
    expect([0.05, 999.999, 1].map(decade)).toEqual([0.01, 100, 1]);
  });
});
