/** How often a sub-model gives the known right answer. */

import { InputError } from '../core/errors.ts';
import { strip } from '../core/strip.ts';
import { type Share, shareOf } from './share.ts';

/** Whether a text is the known answer: equal once white space at the ends is gone, case and all else kept. */
export function isExactMatch(text: string, answer: string): boolean {
  return strip(text) === strip(answer);
}

/**
 * Share of answers that are right.
 *
 * @throws InputError `empty` where there is no known answer to compare with.
 */
export function exactMatch(answers: readonly { readonly text: string; readonly answer: string }[]): Share {
  if (answers.length === 0) {
    throw new InputError({
      code: 'empty',
      where: 'exact match',
      expected: 'at least one instruction with a known answer',
      found: 'none',
      fix: 'Use an instruction set with "output".',
    });
  }
  const right = answers.filter(({ text, answer }) => isExactMatch(text, answer));
  return shareOf(right.length, answers.length);
}
