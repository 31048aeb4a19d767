/** What the page's headline says, as lines of a terminal. */
import type { Store } from '../../store/database.ts';
import { depthGapsRead } from '../../store/read/exit-reads.ts';
import { read } from '../../store/read/read.ts';
import { readRunHead } from '../../store/read/run-head.ts';
import { wrappedText } from '../terminal-layout.ts';
import { claimSentence, gapNumbers, gapRule, shownGap } from './claim-words.ts';
import { claimsOf } from './claims.ts';

/** The first claim with its rule; '' where nothing can be said. */
export function headlineText(store: Store, run: string, width: number): string {
  const head = readRunHead(store, run);
  if (head === undefined) return '';
  const scores = read(store, depthGapsRead(run, 'score'));
  const [claim] = claimsOf(head, scores.length > 0 ? scores : read(store, depthGapsRead(run, 'exact match')));
  if (claim === undefined) return '';
  const gap = shownGap(claim);
  return wrappedText(`${claimSentence(head, claim)} ${gapNumbers(gap)}: ${gapRule(gap)}`, width);
}
