import { describe, expect, it } from 'vitest';
import { type CellPair, chosenPairs, countOutcomes, outcomeOf } from '../../../src/page/content/pairs.ts';

const pair = (position: number, change: Partial<CellPair> = {}): CellPair => ({
  ...{ instructionId: `i${position}`, position, instruction: 'Do.', input: '', found: true },
  ...{ textA: 'a', textB: 'b', lengthA: 1, lengthB: 1, correctA: null, correctB: null, ab: 'tie', ba: 'tie' },
  ...change,
});

describe('outcomeOf', () => {
  it.each([
    ['a', 'a', 'a'],
    ['b', 'b', 'b'],
    ['tie', 'tie', 'tie'],
    ['a', 'b', 'flip'],
    ['a', 'tie', 'flip'],
    ['malformed', 'a', 'malformed'],
    ['malformed', 'malformed', 'malformed'],
    ['a', null, 'open'],
    [null, 'malformed', 'open'],
  ] as const)('%s and %s together are %s', (ab, ba, outcome) => {
    expect(outcomeOf({ ab, ba })).toBe(outcome);
  });
});

describe('chosenPairs', () => {
  const pairs = [
    pair(0, { lengthA: 5 }),
    pair(1, { ab: 'a', ba: 'a', lengthB: 9 }),
    pair(2, { ab: 'a', ba: 'b' }),
    pair(3, { ab: 'a', ba: 'a', found: false }),
  ];
  const positions = (outcome: string, sort: 'position' | 'outcome' | 'longest' | 'difference') =>
    chosenPairs(pairs, outcome, sort).map(({ position }) => position);

  it('keeps what was found, of one outcome or of any', () => {
    expect(positions('', 'position')).toEqual([0, 1, 2]);
    expect(positions('a', 'position')).toEqual([1]);
    expect(positions('malformed', 'position')).toEqual([]);
  });

  it('sorts, equal ones in the order of the set', () => {
    expect(positions('', 'outcome')).toEqual([1, 0, 2]);
    expect(positions('', 'longest')).toEqual([1, 0, 2]);
    expect(positions('', 'difference')).toEqual([0, 2, 1]);
  });
});

describe('countOutcomes', () => {
  it('counts the pairs of each outcome', () => {
    const counts = countOutcomes([
      pair(0, { ab: 'a', ba: 'a' }),
      pair(1, { ab: 'a', ba: 'b' }),
      pair(2, { ab: 'malformed', ba: 'a' }),
      pair(3, { ab: null, ba: null }),
      pair(4, { ab: null, ba: null, textB: null, lengthB: null }),
    ]);
    expect(counts).toEqual({ a: 1, b: 0, tie: 0, flip: 1, malformed: 1, open: 1, unanswered: 1 });
  });
});
