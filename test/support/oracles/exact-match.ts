/** How often a sub-model gives the known right answer. */

import { strip } from '../../../src/core/text/strip.ts';
import { type Share, shareOf } from '../../../src/metrics/share.ts';

/** Whether a text is the known answer: equal once white space at the ends is gone, case and all else kept. */
export function isExactMatch(text: string, answer: string): boolean {
  return strip(text) === strip(answer);
}

/**
 * Share of answers that are right.
 *
 * @throws RangeError where there is no known answer to compare with
 */
export function exactMatch(answers: readonly { readonly text: string; readonly answer: string }[]): Share {
  if (answers.length === 0) throw new RangeError('no known answer to compare with');
  const right = answers.filter(({ text, answer }) => isExactMatch(text, answer));
  return shareOf(right.length, answers.length);
}
