/** The length in UTF-16 units of the longest word that the text has at a place; 0 for none. */
export type PrefixMatcher = (text: string, at: number) => number;

export const NO_WORDS: PrefixMatcher = () => 0;

/** Finds words by their lengths, so that a million of them are as quick as one. */
export function prefixMatcher(words: readonly string[]): PrefixMatcher {
  if (words.length === 0) return NO_WORDS;
  const known = new Set(words);
  const lengths = new Map<number, Set<number>>();
  for (const word of words) {
    const first = word.charCodeAt(0);
    lengths.set(first, (lengths.get(first) ?? new Set()).add(word.length));
  }
  const sorted = new Map([...lengths].map(([first, set]) => [first, [...set].sort((a, b) => b - a)]));
  return (text, at) =>
    sorted.get(text.charCodeAt(at))?.find((length) => known.has(text.slice(at, at + length))) ?? 0;
}
