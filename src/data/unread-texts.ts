/** Texts of a file's records that are no labels and that nobody reads: a line tells them. */

import { KNOWN_LABELS } from './instruction-files/known-labels.ts';
import { without } from './instruction-files/record-format.ts';
import { keysWithText } from './instruction-files/record-labels.ts';
import type { RawRecord } from './read-records.ts';

/** @param read keys that the file's reader reads, or knows to be labels */
export function noteUnreadTexts(
  path: string,
  records: readonly RawRecord[],
  read: readonly string[],
  note: (text: string) => void,
): void {
  const known = [...KNOWN_LABELS, ...read];
  const keys = new Set(records.flatMap(({ value }) => keysWithText(without(Object(value), known))));
  if (keys.size > 0) note(`${path}: texts that are not read, under the keys ${[...keys].join(', ')}.`);
}
