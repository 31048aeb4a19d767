import { describe, expect, it } from 'vitest';
import { type BatchLimits, batchesOf } from '../../../src/engine/session/batches.ts';

/** Words as items: their first letter is the key, their length the tokens. */
const WORDS = ['a1', 'b1', 'a2', 'a3', 'b2', 'a4'];
const sameKey = (word: string) => word[0];
const tokensOf = (word: string) => word.length;
const batches = (limits: BatchLimits<string>, words: Iterable<string> = WORDS) => [
  ...batchesOf(words, limits),
];

describe('batches', () => {
  it('hold items of one key, in the order in which they came', () => {
    expect(batches({ sameKey })).toEqual([
      ['a1', 'a2', 'a3', 'a4'],
      ['b1', 'b2'],
    ]);
    expect(batches({})).toEqual([WORDS]);
  });

  it('come out as soon as they are full', () => {
    expect(batches({ sameKey, maxItems: 2 })).toEqual([
      ['a1', 'a2'],
      ['b1', 'b2'],
      ['a3', 'a4'],
    ]);
  });

  it('hold at most the tokens allowed, except for a single item that has more', () => {
    expect(batches({ tokensOf, maxTokens: 5 })).toEqual([
      ['a1', 'b1'],
      ['a2', 'a3'],
      ['b2', 'a4'],
    ]);
    expect(batches({ tokensOf, maxTokens: 6 }, ['four', 'a', 'seven77', 'bb'])).toEqual([
      ['four'],
      ['a'],
      ['seven77'],
      ['bb'],
    ]);
    expect(batches({ tokensOf, maxTokens: 0 }, ['x', 'y'])).toEqual([['x'], ['y']]);
  });

  it('are never empty, even where no item is allowed', () => {
    expect(batches({ maxItems: 0 })).toEqual(WORDS.map((word) => [word]));
    expect(batches({ sameKey, maxItems: 3 }, [])).toEqual([]);
  });

  it('of neighbours end where the key changes', () => {
    expect(batches({ sameKey, neighboursOnly: true })).toEqual([
      ['a1'],
      ['b1'],
      ['a2', 'a3'],
      ['b2'],
      ['a4'],
    ]);
  });

  it('of neighbours take no more than one item ahead', () => {
    let taken = 0;
    function* words() {
      for (const word of ['a1', 'a2', 'a3', 'b1', 'b2']) {
        taken++;
        yield word;
      }
    }
    const queue = batchesOf(words(), { sameKey, maxItems: 2, neighboursOnly: true });
    expect([queue.next().value, taken]).toEqual([['a1', 'a2'], 2]);
    expect([queue.next().value, taken]).toEqual([['a3'], 4]);
    expect([queue.next().value, taken]).toEqual([['b1', 'b2'], 5]);
  });

  it('hold every item once, whatever the limits', () => {
    for (const maxItems of [1, 2, 5])
      for (const maxTokens of [1, 4, 100])
        for (const neighboursOnly of [false, true]) {
          const found = batches({ sameKey, tokensOf, maxItems, maxTokens, neighboursOnly });
          expect(found.flat().sort()).toEqual(WORDS.toSorted());
          for (const batch of found) expect(new Set(batch.map(sameKey)).size).toBe(1);
        }
  });
});
