/** How two answers are shown beside each other. Pure. */
import { hasMarkdown } from './markdown-nodes.ts';
import { type WordDiff, wordDiff } from './word-diff.ts';

export const SHOWN_AS = ['differences', 'formatted', 'raw'] as const;
export type ShownAs = (typeof SHOWN_AS)[number];

/** Answers that share less are unrelated: nearly every word would be marked. */
export const SIMILAR = 0.5;

export interface PairShown {
  readonly diff: WordDiff | undefined;
  /** As `chosen`, else by the rule: differences of similar answers, Markdown where one has it, else the text. */
  readonly shownAs: ShownAs;
}

/** @param chosen by the reader, from the address */
export function pairShown(a: string | null, b: string | null, chosen: string | undefined): PairShown {
  const diff = a === null || b === null ? undefined : wordDiff(a, b);
  const shownAs = SHOWN_AS.find((name) => name === chosen) ?? byRule(a ?? '', b ?? '', diff);
  return { diff, shownAs: shownAs === 'differences' && diff === undefined ? 'raw' : shownAs };
}

function byRule(a: string, b: string, diff: WordDiff | undefined): ShownAs {
  if (diff !== undefined && similarity(diff) >= SIMILAR) return 'differences';
  return hasMarkdown(a) || hasMarkdown(b) ? 'formatted' : 'raw';
}

/** Letters of both answers in words that they have in common, in the same order, as a share of all; 1: equal. */
export function similarity({ a, b }: WordDiff): number {
  const letters = (parts: WordDiff['a']) =>
    parts.reduce((sum, { text }) => sum + text.replaceAll(/\s+/g, '').length, 0);
  const all = letters(a) + letters(b);
  const common = letters(a.filter(({ isOwn }) => !isOwn)) + letters(b.filter(({ isOwn }) => !isOwn));
  return all === 0 ? 1 : common / all;
}
