/** What differs between two answers, word by word. */
import { diffWordsWithSpace } from 'diff';

export interface DiffPart {
  readonly text: string;
  /** In this answer alone. */
  readonly isOwn: boolean;
}

export interface WordDiff {
  readonly a: readonly DiffPart[];
  readonly b: readonly DiffPart[];
}

/** Beyond this the comparison takes long and shows nothing that an eye could follow. */
export const MAX_DIFF_LENGTH = 20_000;
const TIMEOUT_MS = 500;

/** `undefined` where the texts are too long, or too different to be compared in half a second. */
export function wordDiff(a: string, b: string): WordDiff | undefined {
  if (a.length + b.length > MAX_DIFF_LENGTH) return undefined;
  const changes = diffWordsWithSpace(a, b, { timeout: TIMEOUT_MS });
  if (changes === undefined) return undefined;
  return {
    a: changes.filter(({ added }) => !added).map(({ value, removed }) => ({ text: value, isOwn: removed })),
    b: changes.filter(({ removed }) => !removed).map(({ value, added }) => ({ text: value, isOwn: added })),
  };
}
