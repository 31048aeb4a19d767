/** How often the judge is right where the right answer is known. */

import type { Outcome } from '../../../src/core/domain.ts';
import { type Share, shareOf } from '../../../src/metrics/share.ts';
import { isExactMatch } from './exact-match.ts';

/** A judged pair of answers to an instruction with a known answer. */
export interface KnownPair {
  readonly answerA: string;
  readonly answerB: string;
  readonly known: string;
  readonly outcome: Outcome;
}

export interface JudgeVsKnown {
  /**
   * Of the pairs where just one answer is right: those where the judge prefers it. Mean of both orders, so
   * the count has halves. A tie or a malformed verdict does not agree.
   */
  readonly agreement: Share;
  /** Of all pairs: those whose verdict is the same in both orders. Malformed verdicts keep nothing. */
  readonly kept: Share;
  /** The same, of the pairs where just one answer is right. */
  readonly keptWhereDecided: Share;
}

/** @throws RangeError without pairs; a share that nothing counts towards is `undefined`. */
export function judgeVsKnown(pairs: readonly KnownPair[]): JudgeVsKnown {
  if (pairs.length === 0) throw new RangeError('no judged pair with a known answer');
  const decided = pairs.filter((pair) => winnerOf(pair) !== undefined);
  const agreeing = decided.reduce((sum, pair) => sum + agreeingOrders(pair) / 2, 0);
  return {
    agreement: shareOf(agreeing, decided.length),
    kept: shareOf(pairs.filter(isKept).length, pairs.length),
    keptWhereDecided: shareOf(decided.filter(isKept).length, decided.length),
  };
}

/** The model whose answer alone is right; `undefined` where both are or neither is. */
export function winnerOf({ answerA, answerB, known }: Omit<KnownPair, 'outcome'>): 'a' | 'b' | undefined {
  const rightA = isExactMatch(answerA, known);
  if (rightA === isExactMatch(answerB, known)) return undefined;
  return rightA ? 'a' : 'b';
}

function agreeingOrders(pair: KnownPair): number {
  const winner = winnerOf(pair);
  return Number(pair.outcome.ab === winner) + Number(pair.outcome.ba === winner);
}

function isKept({ outcome: { ab, ba } }: KnownPair): boolean {
  return ab === ba && ab !== 'malformed';
}
