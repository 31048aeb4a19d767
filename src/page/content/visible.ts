/** Texts of models, shown as they are: none of their characters may be invisible, or steer the page or the reading direction. */
import { UNSEEN } from '../../core/text/unseen.ts';

export interface TextPart {
  readonly text: string;
  /** Set where `text` stands for one character that cannot be seen: its code point, such as `U+202E`. */
  readonly mark?: string;
}

/** Together the parts are the whole text. */
export function visibleParts(text: string): TextPart[] {
  const parts: TextPart[] = [];
  let end = 0;
  for (const { 0: character, index } of text.matchAll(UNSEEN)) {
    // Layout, on a page.
    if (character === '\n' || character === '\t') continue;
    if (index > end) parts.push({ text: text.slice(end, index) });
    parts.push(markOf(character));
    end = index + character.length;
  }
  if (end < text.length) parts.push({ text: text.slice(end) });
  return parts;
}

function markOf(character: string): TextPart {
  const code = character.codePointAt(0)!;
  const mark = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
  // U+2400… are pictures of the control characters: ESC is ␛.
  return { text: code < 32 ? String.fromCharCode(0x2400 + code) : `⟨${mark}⟩`, mark };
}

/** The first `limit` code units of a text at most, never half a surrogate pair. */
export function beginningOf(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const isHalf = /[\ud800-\udbff]/.test(text[limit - 1]!);
  return text.slice(0, isHalf ? limit - 1 : limit);
}
