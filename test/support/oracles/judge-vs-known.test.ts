import { describe, expect, it } from 'vitest';
import type { SlotVerdict } from '../../../src/core/domain.ts';
import { toOutcome } from '../../../src/judge/reconcile.ts';
import { judgeVsKnown, type KnownPair, winnerOf } from './judge-vs-known.ts';

function pair(answerA: string, answerB: string, ab: SlotVerdict, ba: SlotVerdict): KnownPair {
  return { answerA, answerB, known: '3 2 1', outcome: toOutcome('x', ab, ba) };
}

describe('winnerOf', () => {
  it.each([
    ['3 2 1', '1 2 3', 'a'],
    ['', ' 3 2 1\n', 'b'],
    ['3 2 1', '3 2 1', undefined],
    ['3 1 2', '3 1 2', undefined],
  ] as const)('of %j and %j is %s', (answerA, answerB, winner) => {
    expect(winnerOf({ answerA, answerB, known: '3 2 1' })).toBe(winner);
  });
});

describe('judgeVsKnown', () => {
  it('refuses to rate nothing', () => {
    expect(() => judgeVsKnown([])).toThrow(RangeError);
  });

  it('has no share of agreement where no pair has a winner', () => {
    expect(judgeVsKnown([pair('no', 'nor', '1', '2')])).toEqual({
      agreement: { count: 0, total: 0, share: undefined },
      kept: { count: 1, total: 1, share: 1 },
      keptWhereDecided: { count: 0, total: 0, share: undefined },
    });
  });

  it('counts each order half; ties and malformed verdicts do not agree', () => {
    const pairs = [
      pair('3 2 1', 'no', '1', '2'), // right in both orders
      pair('no', '3 2 1', '2', '2'), // right in one, flipped
      pair('3 2 1', 'no', 'tie', 'tie'), // kept, not right
      pair('3 2 1', 'no', '1', 'malformed'), // right in one, not kept
      pair('3 2 1', 'no', 'malformed', 'malformed'), // neither
      pair('no', 'nor', '1', '2'), // no winner, kept
    ];
    expect(judgeVsKnown(pairs)).toEqual({
      agreement: { count: 2, total: 5, share: 0.4 },
      kept: { count: 3, total: 6, share: 0.5 },
      keptWhereDecided: { count: 2, total: 5, share: 0.4 },
    });
  });
});
