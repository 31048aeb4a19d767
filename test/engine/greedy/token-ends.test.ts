import { describe, expect, it } from 'vitest';
import { tokenEnds } from '../../../src/engine/greedy/token-ends.ts';

/** Tokens as bytes of UTF-8; 0 is a special token without a text. */
const BYTES = [[], [0x41], [0xc3], [0xa9], [0x20, 0x42]];
const tokenizer = {
  decode: (ids: readonly number[]) =>
    new TextDecoder().decode(Uint8Array.from(ids.flatMap((id) => BYTES[id]!))).trimStart(),
};

describe('ends of tokens', () => {
  it.each([
    ['whole characters', [1, 4], 'A B', [1, 3]],
    ['two tokens that make one character: the last adds it', [1, 2, 3, 4], 'Aé B', [1, 1, 2, 4]],
    ['a token that adds nothing', [1, 4, 0], 'A B', [1, 3, 3]],
    ['a space that the tokenizer takes away', [4, 1], 'BA', [1, 2]],
    ['no tokens', [], '', []],
  ])('of %s', (_, ids, text, ends) => {
    expect(tokenizer.decode(ids)).toBe(text);
    expect(tokenEnds(tokenizer, ids, text)).toEqual(ends);
  });
});
