import { describe, expect, it } from 'vitest';
import { toOutcome } from '../../../src/judge/reconcile.ts';
import { countOrder, preferenceOf } from './preference.ts';

describe('preferenceOf', () => {
  it.each([
    ['ab', '1', 'a'],
    ['ab', '2', 'b'],
    ['ba', '1', 'b'],
    ['ba', '2', 'a'],
    ['ab', 'tie', 'tie'],
    ['ba', 'malformed', 'malformed'],
  ] as const)('maps order %s and slot %s to %s', (order, slotVerdict, preference) => {
    expect(preferenceOf({ order, slotVerdict })).toBe(preference);
  });
});

describe('countOrder', () => {
  it('counts one order alone', () => {
    const outcomes = [toOutcome('x', '1', '1'), toOutcome('y', '1', 'malformed'), toOutcome('z', 'tie', '2')];
    const counts = { wins: 1, losses: 1, ties: 0, malformed: 1, total: 3 };
    expect(countOrder(outcomes, 'ab', 'dropped')).toEqual({
      ...counts,
      wins: 2,
      losses: 0,
      ties: 1,
      malformed: 0,
    });
    expect(countOrder(outcomes, 'ba', 'dropped')).toEqual(counts);
    expect(countOrder(outcomes, 'ba', 'tie')).toEqual({ ...counts, ties: 1, malformed: 0 });
  });
});
