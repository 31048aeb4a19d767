import { describe, expect, it } from 'vitest';
import { depthWords, tokenPieces } from '../../../src/page/content/token-pieces.ts';

const stored = (exits: number[], ends: number[] | null) => ({
  tokenExits: JSON.stringify(exits),
  tokenEnds: ends && JSON.stringify(ends),
});

describe('a text token by token', () => {
  it('has a piece for each token that adds something', () => {
    expect(tokenPieces('A cat', stored([3, 10, 4, 3], [1, 3, 3, 5]))).toEqual([
      { text: 'A', exit: 3 },
      { text: ' c', exit: 10 },
      { text: 'at', exit: 3 },
    ]);
  });

  it('has none where ends are not stored, or are of another text', () => {
    expect(tokenPieces('A', stored([3], null))).toBeUndefined();
    expect(tokenPieces('Another', stored([3], [1]))).toBeUndefined();
    expect(tokenPieces('A', stored([3, 3], [1]))).toBeUndefined();
  });

  it('says in words how many tokens left where', () => {
    expect(depthWords('[3,10,3,4]')).toBe(
      '5.0 layers a token: 2 tokens at exit 3, 1 at exit 4, 1 at exit 10',
    );
    expect(depthWords('[10]')).toBe('10.0 layers a token: 1 token at exit 10');
    expect(depthWords('[]')).toBe('no tokens');
  });
});
