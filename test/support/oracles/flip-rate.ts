/** How much a judge's verdicts depend on which answer stands first. */

import type { Outcome } from '../../../src/core/domain.ts';
import { type Share, shareOf } from '../../../src/metrics/share.ts';

export interface FlipRate {
  /** Pairs whose preference changes when the order is swapped, of the pairs with two well-formed verdicts. */
  readonly flips: Share;
  /** Pairs where each order names another winner, of the same pairs: flips without those to or from a tie. */
  readonly reversals: Share;
  /** Verdicts for slot 1, of the verdicts that name a slot: 0.5 for a judge without position bias. */
  readonly firstSlot: Share;
}

/** @throws RangeError without outcomes; a share that nothing counts towards is `undefined`. */
export function flipRate(outcomes: readonly Outcome[]): FlipRate {
  if (outcomes.length === 0) throw new RangeError('no judged pair');
  const read = outcomes.filter(({ ab, ba }) => ab !== 'malformed' && ba !== 'malformed');
  const flips = read.filter(({ ab, ba }) => ab !== ba);
  const reversals = flips.filter(({ ab, ba }) => ab !== 'tie' && ba !== 'tie');
  return {
    flips: shareOf(flips.length, read.length),
    reversals: shareOf(reversals.length, read.length),
    firstSlot: firstSlotShare(outcomes),
  };
}

/** In order `ab` a stands in slot 1, in order `ba` b does. */
function firstSlotShare(outcomes: readonly Outcome[]): Share {
  let first = 0;
  let second = 0;
  for (const { ab, ba } of outcomes) {
    first += Number(ab === 'a') + Number(ba === 'b');
    second += Number(ab === 'b') + Number(ba === 'a');
  }
  return shareOf(first, first + second);
}
