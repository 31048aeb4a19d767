import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wordEncoder } from '../../src/model/tokenizer/bpe.ts';
import { check } from './check.ts';

const ALPHABET = ['a', 'b', 'c'];
type Pair = readonly [string, string];

/** Merges, each of two tokens that the alphabet and the merges before it make, none of them twice. */
const merges = fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 14 }).map((places) => {
  const tokens = [...ALPHABET];
  const pairs = new Map<string, Pair>();
  for (const [left, right] of places) {
    const pair = [tokens[left % tokens.length]!, tokens[right % tokens.length]!] as const;
    pairs.set(pair.join(' '), pairs.get(pair.join(' ')) ?? pair);
    if (!tokens.includes(pair.join(''))) tokens.push(pair.join(''));
  }
  return [...pairs.values()];
});
const word = fc.string({ unit: fc.constantFrom(...ALPHABET), maxLength: 40 });

/** The rule as it is told: take the earliest merge that fits anywhere, at its leftmost place; again until none fits. */
function mergedOneByOne(word: string, merges: readonly Pair[]): string[] {
  const tokens = [...word];
  for (;;) {
    const isAt =
      ([left, right]: Pair) =>
      (token: string, place: number) =>
        token === left && tokens[place + 1] === right;
    const first = merges.find((merge) => tokens.some(isAt(merge)));
    if (first === undefined) return tokens;
    tokens.splice(tokens.findIndex(isAt(first)), 2, first.join(''));
  }
}

function encode(word: string, merges: readonly Pair[]): string[] {
  const tokens = [...new Set([...ALPHABET, ...merges.map((pair) => pair.join(''))])];
  const vocab = new Map(tokens.map((token, id) => [token, id]));
  const model = { vocab, merges, unknown: undefined, fuseUnknown: false, byteFallback: false };
  return wordEncoder(model)(word).map((id) => tokens[id]!);
}

describe('the encoding of a word', () => {
  it('merges as one does by hand, one pair at a time', () => {
    check(fc.tuple(word, merges), ([word, merges]) => {
      expect(encode(word, merges)).toEqual(mergedOneByOne(word, merges));
    });
  });

  it('has tokens that make up the word', () => {
    check(fc.tuple(word, merges), ([word, merges]) => expect(encode(word, merges).join('')).toBe(word));
  });
});
