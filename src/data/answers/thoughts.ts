/** Thoughts that reasoning models write before an answer, between marks of their own, and prompts that servers repeat. */

/** Qwen3, DeepSeek-R1, SmolLM3 and others; Anthropic's form; Mistral's Magistral. */
const MARKS = [
  ['<think>', '</think>'],
  ['<thinking>', '</thinking>'],
  ['[THINK]', '[/THINK]'],
] as const;

/** A text whose thoughts are told from the rest. */
export interface Thoughts {
  /** Code points of the thoughts, their marks included; 0: none. */
  readonly characters: number;
  /** What follows them, without white space before it; undefined: they do not end. */
  readonly rest: string | undefined;
}

/**
 * Thoughts at the beginning of a text. A closing mark alone ends thoughts, too, if anything follows: some servers' chat templates
 * open them in the prompt.
 * @param opening what the form of the prompt ends with: thoughts that it opens need no mark in the text
 */
export function thoughtsIn(text: string, opening = ''): Thoughts | undefined {
  for (const [open, close] of MARKS) {
    const [start, end] = [text.indexOf(open), text.indexOf(close)];
    const isOpened = text.trimStart().startsWith(open) || opening.trimEnd().endsWith(open);
    const thoughts = thoughtsTo(text, end + close.length);
    // An answer may speak of the marks.
    if (end >= 0 && (isOpened || (start < 0 && thoughts.rest !== ''))) return thoughts;
    if (isOpened) return { characters: codePoints(text), rest: undefined };
  }
  return undefined;
}

/** The text without the prompt that it begins with; undefined: it does not. White space before both does not count. */
export function withoutEcho(text: string, prompt: string): string | undefined {
  const [came, asked] = [text.trimStart(), prompt.trimStart()];
  return asked !== '' && came.startsWith(asked) ? came.slice(asked.length) : undefined;
}

export function codePoints(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}

function thoughtsTo(text: string, end: number): Thoughts {
  return { characters: codePoints(text.slice(0, end)), rest: text.slice(end).trimStart() };
}
