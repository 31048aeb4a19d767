import { describe, expect, it } from 'vitest';
import { toOutcome } from '../../src/judge/reconcile.ts';
import { cellSignTests, holm, isByChance, isSignificant, signTest } from '../../src/metrics/sign-test.ts';

function values(positive: number, negative: number, zero: number): number[] {
  return [
    ...new Array<number>(positive).fill(0.5),
    ...new Array<number>(negative).fill(-1),
    ...new Array<number>(zero).fill(0),
  ];
}

describe('isByChance', () => {
  it('goes by the corrected p, and claims nothing of a score without any', () => {
    expect(isByChance({ pValue: 0.01, pHolm: 0.2 })).toBe(true);
    expect(isByChance({ pValue: 0.01, pHolm: null })).toBe(false);
    expect(isByChance({ pValue: null, pHolm: null })).toBe(false);
  });
});

describe('isSignificant', () => {
  it.each([
    [0.0499, true],
    [0.05, true],
    [0.0501, false],
  ])('at p = %d says %s', (pValue, significant) => {
    expect(isSignificant(pValue)).toBe(significant);
  });
});

describe('signTest', () => {
  it('refuses to test nothing', () => {
    expect(() => signTest([])).toThrow(RangeError);
  });

  it('knows nothing where all values are zero', () => {
    expect(signTest(values(0, 0, 4))).toEqual({ positive: 0, negative: 0, zero: 4, pValue: 1 });
  });

  // scipy.stats.binomtest(positive, positive + negative, 0.5).pvalue, SciPy 1.17.1
  it.each([
    [1, 1, 1],
    [5, 0, 0.0625],
    [8, 2, 0.109375],
    [3, 7, 0.34375],
    [99, 71, 0.03806366960413438],
    [60, 40, 0.05688793364098089],
    [600, 400, 2.728464156065947e-10],
    [1100, 900, 8.45708953550381e-6],
    [0, 1200, 0],
  ])('gives the exact p-value of %d against %d', (positive, negative, pValue) => {
    const test = signTest(values(positive, negative, 30));
    expect(test).toMatchObject({ positive, negative, zero: 30 });
    expect(Math.abs(test.pValue - pValue)).toBeLessThanOrEqual(1e-10 * pValue);
  });
});

describe('holm', () => {
  // statsmodels.stats.multitest.multipletests(p, method='holm')[1], statsmodels 0.15.0
  it.each([
    [[], []],
    [[0.2], [0.2]],
    [
      [0.01, 0.04, 0.03, 0.005, 0.5],
      [0.04, 0.09, 0.09, 0.025, 0.5],
    ],
    [
      [0.9, 0.02, 0.02, 0.6],
      [1, 0.08, 0.08, 1],
    ],
  ])('corrects %j to %j, in place', (pValues, adjusted) => {
    expect(holm(pValues)).toEqual(adjusted.map((value) => expect.closeTo(value, 12)));
  });
});

describe('cellSignTests', () => {
  it('tests each cell and corrects for their number', () => {
    const won = new Array(5).fill(toOutcome('x', '1', '2'));
    const even = [toOutcome('x', '1', '1'), toOutcome('y', 'tie', 'tie')];
    const tests = cellSignTests(
      [
        { exitA: 3, exitB: 3, outcomes: won },
        { exitA: 3, exitB: 4, outcomes: even },
      ],
      'average',
    );
    expect(tests).toEqual([
      { exitA: 3, exitB: 3, positive: 5, negative: 0, zero: 0, pValue: 0.0625, adjustedPValue: 0.125 },
      { exitA: 3, exitB: 4, positive: 0, negative: 0, zero: 2, pValue: 1, adjustedPValue: 1 },
    ]);
  });
});
