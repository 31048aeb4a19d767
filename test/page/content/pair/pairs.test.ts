import { describe, expect, it } from 'vitest';
import {
  chosenPairs,
  countOutcomes,
  isDisagreement,
  type LabelledPair,
  outcomeOf,
  type PairChoice,
} from '../../../../src/page/content/pair/pairs.ts';

const pair = (position: number, change: Partial<LabelledPair> = {}): LabelledPair => ({
  ...{ instructionId: `i${position}`, position, instruction: 'Do.', input: '', found: true },
  ...{ textA: 'a', textB: 'b', lengthA: 1, lengthB: 1, correctA: null, correctB: null, ab: 'tie', ba: 'tie' },
  ...{ category: null, looksA: null, looksB: null, isMarked: false },
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
  const ALL: PairChoice = { outcome: '', category: '', filter: '', search: '', sort: 'position' };
  const positions = (outcome: string, sort: PairChoice['sort']) =>
    chosenPairs(pairs, { ...ALL, outcome, sort }).map(({ position }) => position);

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

  it('keeps those of a category, of a degenerate answer, of a judge against the right answer, or with a note', () => {
    const labelled = [
      pair(0, { category: 'Coding', looksA: 'repetitive', looksB: 'ordinary' }),
      pair(1, { category: 'Writing', looksB: 'empty' }),
      pair(2, { category: 'Coding', correctA: 1, correctB: 0, ab: 'b', ba: 'a' }),
      pair(3, { isMarked: true }),
    ];
    const kept = (choice: Partial<PairChoice>) =>
      chosenPairs(labelled, { ...ALL, ...choice }).map(({ position }) => position);
    expect(kept({ category: 'Coding' })).toEqual([0, 2]);
    expect(kept({ filter: 'degenerate-a' })).toEqual([0]);
    expect(kept({ filter: 'degenerate-b' })).toEqual([1]);
    expect(kept({ filter: 'disagreement' })).toEqual([2]);
    expect(kept({ filter: 'marked' })).toEqual([3]);
    expect(kept({ category: 'Coding', filter: 'disagreement' })).toEqual([2]);
    expect(kept({ filter: 'unknown' })).toEqual([0, 1, 2, 3]);
  });
});

describe('a disagreement', () => {
  it.each([
    [1, 0, 'a', 'a', false],
    [1, 0, 'a', 'b', true],
    [1, 0, 'tie', 'tie', false],
    [0, 1, 'a', 'malformed', true],
    [1, 1, 'a', 'b', false],
    [0, 0, 'b', 'b', false],
    [null, null, 'a', 'b', false],
    [1, 0, null, null, false],
  ] as const)('of right %s and %s, judged %s and %s: %s', (correctA, correctB, ab, ba, expected) => {
    expect(isDisagreement(pair(0, { correctA, correctB, ab, ba }))).toBe(expected);
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
