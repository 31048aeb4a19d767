/**
 * Python's `str.strip()`, which PandaLM applies to responses and verdicts. It differs from `trim()`: Python
 * also strips U+001C…U+001F and U+0085, and keeps U+FEFF.
 */

/** Every code point for which Python 3's `str.isspace()` holds. The results file's views strip the same. */
export const WHITE_SPACE_CODE_POINTS: readonly number[] = [
  ...[0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x1c, 0x1d, 0x1e, 0x1f, 0x20, 0x85, 0xa0, 0x1680],
  ...[0x2000, 0x2001, 0x2002, 0x2003, 0x2004, 0x2005, 0x2006, 0x2007, 0x2008, 0x2009, 0x200a],
  ...[0x2028, 0x2029, 0x202f, 0x205f, 0x3000],
];

const WHITE_SPACE = new Set(WHITE_SPACE_CODE_POINTS.map((point) => String.fromCharCode(point)));

export type StripSide = 'start' | 'end' | 'both';

/**
 * `text` without the white space at its two ends, or at one. A loop: a text of a million spaces must not take minutes.
 */
export function strip(text: string, side: StripSide = 'both'): string {
  let start = 0;
  let end = text.length;
  while (side !== 'end' && start < end && WHITE_SPACE.has(text[start]!)) start++;
  while (side !== 'start' && end > start && WHITE_SPACE.has(text[end - 1]!)) end--;
  return text.slice(start, end);
}

/** Code points without the white space at the ends: the length of a response. */
export function characterCount(text: string): number {
  return Array.from(strip(text)).length;
}
