import { describe, expect, it } from 'vitest';
import { ranks, spearman } from '../../src/metrics/spearman.ts';

function pairsOf(left: readonly number[], right: readonly number[]) {
  return left.map((value, index) => [value, right[index]!] as const);
}

/**
 * From scipy 1.x:
 * python -c "from scipy.stats import spearmanr; print(spearmanr([0.1,.5,.5,.9,-.3], [.2,.2,.7,.8,.1]).statistic)"
 */
describe('spearman', () => {
  it.each<[string, number[], number[], number]>([
    ['ties on both sides', [0.1, 0.5, 0.5, 0.9, -0.3], [0.2, 0.2, 0.7, 0.8, 0.1], 0.9210526315789475],
    ['many ties', [1, 1, 2, 2, 3, 3, 3], [5, 7, 5, 9, 9, 1, 7], 0.07770286898858116],
    ['the opposite order', [1, 2, 3, 4], [4, 3, 2, 1], -1],
    ['the same order at other distances', [1, 2, 3, 4], [0.1, 0.2, 0.9, 50], 1],
  ])('is what scipy computes for %s', (_, left, right, rho) => {
    expect(spearman(pairsOf(left, right))).toBeCloseTo(rho, 14);
  });

  it.each<[string, number[], number[]]>([
    ['no pairs', [], []],
    ['one pair', [1], [2]],
    ['values that are all equal on one side', [1, 2, 3], [0, 0, 0]],
  ])('is undefined for %s', (_, left, right) => {
    expect(spearman(pairsOf(left, right))).toBeUndefined();
  });
});

it('ranks gives equal values the mean of their ranks, as scipy.stats.rankdata', () => {
  expect(ranks([3, 1, 3, 2, 3])).toEqual([4, 1, 4, 2, 4]);
});
