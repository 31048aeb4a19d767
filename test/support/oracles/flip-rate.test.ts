import { describe, expect, it } from 'vitest';
import { toOutcome } from '../../../src/judge/reconcile.ts';
import { flipRate } from './flip-rate.ts';

describe('flipRate', () => {
  it('refuses to rate nothing', () => {
    expect(() => flipRate([])).toThrow(RangeError);
  });

  it('has no share where nothing counts towards it: 0 would be a claim', () => {
    const { flips, firstSlot } = flipRate([toOutcome('x', 'malformed', 'malformed')]);
    expect(flips).toEqual({ count: 0, total: 0, share: undefined });
    expect(firstSlot).toEqual({ count: 0, total: 0, share: undefined });
  });

  // Slots named in order ab and ba; is it a flip, a reversal?
  it.each([
    ['1', '2', 0, 0],
    ['2', '1', 0, 0],
    ['tie', 'tie', 0, 0],
    ['1', '1', 1, 1],
    ['2', '2', 1, 1],
    ['1', 'tie', 1, 0],
    ['tie', '2', 1, 0],
  ] as const)('of slots %s and %s: %d flips, %d reversals', (ab, ba, flips, reversals) => {
    const rate = flipRate([toOutcome('x', ab, ba)]);
    expect([rate.flips.count, rate.reversals.count]).toEqual([flips, reversals]);
  });

  it('counts pairs for flips and verdicts for the first slot', () => {
    const outcomes = [
      toOutcome('v', '1', '1'),
      toOutcome('w', '1', '2'),
      toOutcome('x', 'tie', '1'),
      toOutcome('y', '1', 'malformed'),
      toOutcome('z', 'tie', 'tie'),
    ];
    expect(flipRate(outcomes)).toEqual({
      flips: { count: 2, total: 4, share: 0.5 },
      reversals: { count: 1, total: 4, share: 0.25 },
      firstSlot: { count: 5, total: 6, share: 5 / 6 },
    });
  });
});
