import { describe, expect, it } from 'vitest';
import { sharePieces, takePieces } from '../../src/worker/shared-pieces.ts';

describe('pieces of work in shared memory', () => {
  it('come to a reader as they were, in their order', () => {
    const pieces = [{ ids: [1, 2], text: 'ä→\n' }, [], /a+/gu, { missing: undefined }, 'x'.repeat(5000)];
    expect([...takePieces(sharePieces(pieces))]).toEqual(pieces);
    expect([...takePieces(sharePieces([]))]).toEqual([]);
  });

  it('go to one reader each: whoever asks first gets the next', () => {
    const shared = sharePieces([0, 1, 2, 3, 4]);
    const [first, second] = [takePieces<number>(shared), takePieces<number>(shared)];
    expect([first.next().value, first.next().value, second.next().value]).toEqual([0, 1, 2]);
    expect([...first]).toEqual([3, 4]);
    expect([...second]).toEqual([]);
  });

  it('are in memory once, however many threads get them', () => {
    const shared = sharePieces(['once']);
    const [sent, alsoSent] = [structuredClone(shared), structuredClone(shared)];
    expect([...takePieces(sent)]).toEqual(['once']);
    expect([...takePieces(alsoSent)]).toEqual([]);
  });
});
