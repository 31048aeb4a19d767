/**
 * Python's `str.strip()`, which PandaLM applies to answers and verdicts. It differs from `trim()`: Python also strips
 * U+001C…U+001F and U+0085, and keeps U+FEFF.
 */

/** Every code point for which Python 3's `str.isspace()` holds. */
const WHITESPACE = new Set(
  '\t\n\v\f\r\u001c\u001d\u001e\u001f \u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a' +
    '\u2028\u2029\u202f\u205f\u3000',
);

/** `text` without the white space at its two ends. A loop, for an answer of a million spaces must not take minutes. */
export function strip(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && WHITESPACE.has(text[start]!)) start++;
  while (end > start && WHITESPACE.has(text[end - 1]!)) end--;
  return text.slice(start, end);
}
