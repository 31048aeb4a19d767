/** Judges and people prefer longer responses: how often, on labelled pairs. */

import type { SlotVerdict } from '../core/domain.ts';
import { characterCount } from '../core/text/strip.ts';
import { type Share, shareOf } from './share.ts';

export interface LengthPreference {
  /** Verdicts for the longer response, of those for one of two responses of unequal length. */
  readonly longer: Share;
  /** Verdicts for one of two responses of equal length; not in the share. */
  readonly equal: number;
}

interface JudgedResponses {
  readonly response1: string;
  readonly response2: string;
}

/** @param verdictOf the judge's verdict, or what people say */
export function lengthPreference<Pair extends JudgedResponses>(
  pairs: readonly Pair[],
  verdictOf: (pair: Pair) => SlotVerdict,
): LengthPreference {
  const leads = pairs.flatMap((pair) => leadOf(pair, verdictOf(pair)));
  const unequal = leads.filter((lead) => lead !== 0);
  const longer = unequal.filter((lead) => lead > 0).length;
  return { longer: shareOf(longer, unequal.length), equal: leads.length - unequal.length };
}

/** How many characters the preferred response has more than the other; [] where none is preferred. */
function leadOf({ response1, response2 }: JudgedResponses, verdict: SlotVerdict): number[] {
  const difference = characterCount(response1) - characterCount(response2);
  if (verdict === '1') return [difference];
  return verdict === '2' ? [-difference] : [];
}
