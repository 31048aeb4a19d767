/** What SentencePiece does to a text before it is cut into pieces (`src/normalizer.cc`). */

import { type CharsMap, readCharsMap } from './chars-map.ts';
import type { NormalizerSpec } from './model-proto.ts';
import type { PrefixMatcher } from './prefix-matcher.ts';

/** U+2581 stands for a space. */
export const SPACE = '\u2581';

interface NormalizerOptions {
  /** Finds user-defined pieces, which stay as they are. */
  readonly matcher: PrefixMatcher;
  /** The space that is added goes to the end. */
  readonly spaceAsSuffix: boolean;
}

/**
 * A function from a text of whole characters to the normalized text.
 * @throws Error for a damaged map of characters
 */
export function createNormalizer(
  spec: NormalizerSpec,
  { matcher, spaceAsSuffix }: NormalizerOptions,
): (text: string) => string {
  const charsMap = spec.charsmap.length === 0 ? undefined : readCharsMap(spec.charsmap);
  const space = spec.escapeWhitespaces ? SPACE : ' ';
  const before = spec.addDummyPrefix && !spaceAsSuffix ? space : '';
  const after = spec.addDummyPrefix && spaceAsSuffix ? space : '';
  const escaped = (text: string) => text.replaceAll(' ', space);
  return (text) => {
    const parts = replacedParts(text, matcher, charsMap);
    if (!spec.removeExtraWhitespaces) return text === '' ? '' : `${before}${escaped(parts.join(''))}${after}`;
    const first = parts.findIndex((part) => part !== ' ');
    if (first === -1) return '';
    const single = escaped(singleSpaces(parts.slice(first)));
    return `${withoutEnd(`${before}${single}`, space)}${after}`;
  };
}

/** The text in parts, each replaced by its rule: a user-defined piece, what a rule covers, or a character. */
function replacedParts(text: string, matcher: PrefixMatcher, charsMap: CharsMap | undefined): string[] {
  const bytes = charsMap && new TextEncoder().encode(text);
  const parts: string[] = [];
  let byte = 0;
  for (let at = 0; at < text.length; ) {
    const kept = matcher(text, at);
    const rule = kept === 0 && bytes ? charsMap?.(bytes, byte) : undefined;
    const end = rule ? endOfBytes(text, at, rule.length) : at + (kept || widthAt(text, at));
    parts.push(rule ? rule.text : text.slice(at, end));
    for (; at < end; at += widthAt(text, at)) byte += bytesAt(text, at);
  }
  return parts;
}

/** End of the characters that have these many bytes. */
function endOfBytes(text: string, start: number, bytes: number): number {
  let end = start;
  for (let left = bytes; left > 0; end += widthAt(text, end)) left -= bytesAt(text, end);
  return end;
}

/** UTF-16 units of the character at a place. */
function widthAt(text: string, at: number): number {
  return text.codePointAt(at)! > 0xffff ? 2 : 1;
}

/** Its UTF-8 bytes. */
function bytesAt(text: string, at: number): number {
  const point = text.codePointAt(at)!;
  return point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
}

/** Leaves out spaces at the beginning and after a space. */
function singleSpaces(parts: readonly string[]): string {
  let afterSpace = true;
  return parts
    .map((part) => {
      const rest = afterSpace ? part.replace(/^ +/, '') : part;
      if (rest !== '') afterSpace = rest.endsWith(' ');
      return rest;
    })
    .join('');
}

function withoutEnd(text: string, end: string): string {
  let length = text.length;
  while (length > 0 && text.startsWith(end, length - end.length)) length -= end.length;
  return text.slice(0, length);
}
