import { describe, expect, it } from 'vitest';
import { wordEncoder } from '../../../src/model/tokenizer/bpe.ts';

const TOKENS = ['?', 'a', 'b', 'c', 'ab', 'bc', 'abc', 'aa', '<0xC3>', '<0xA9>'];
const ID = Object.fromEntries(TOKENS.map((token, id) => [token, id]));
const MODEL = {
  vocab: new Map(Object.entries(ID)),
  merges: ['b c', ['a', 'b'], ['a', 'bc'], 'a a'] as const,
  unknown: undefined,
  fuseUnknown: false,
  byteFallback: false,
};
const encode = (word: string, options: Partial<Parameters<typeof wordEncoder>[0]> = {}) =>
  wordEncoder({ ...MODEL, ...options })(word).map((id) => TOKENS[id]);

describe('wordEncoder', () => {
  it.each([
    ['', []],
    ['a', ['a']],
    ['abc', ['abc']],
    ['cab', ['c', 'ab']],
    ['aaa', ['aa', 'a']],
    ['aaaaa', ['aa', 'aa', 'a']],
    ['abcabab', ['abc', 'ab', 'ab']],
  ])('merges %j to %j: the first rule first, of equals the leftmost', (word, tokens) => {
    expect(encode(word)).toEqual(tokens);
  });

  it('leaves out a character without a token before it merges', () => {
    expect(encode('xaxb')).toEqual(['ab']);
  });

  it('has one unknown token for each such character, or for all in a row', () => {
    expect(encode('xyaxb', { unknown: '?' })).toEqual(['?', '?', 'a', '?', 'b']);
    expect(encode('xyaxb', { unknown: '?', fuseUnknown: true })).toEqual(['?', 'a', '?', 'b']);
  });

  it('spells a character by its bytes where they all have tokens', () => {
    expect(encode('aéb', { unknown: '?', byteFallback: true })).toEqual(['a', '<0xC3>', '<0xA9>', 'b']);
    expect(encode('aèb', { unknown: '?', byteFallback: true })).toEqual(['a', '?', 'b']);
  });

  it('refuses a merge or an unknown token that is not in the vocabulary', () => {
    expect(() => encode('', { merges: ['c c'] })).toThrow('"cc"');
    expect(() => encode('', { merges: ['z a'] })).toThrow('"z"');
    expect(() => encode('', { unknown: '<unk>' })).toThrow('"<unk>"');
  });
});
