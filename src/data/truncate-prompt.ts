/**
 * Shortens a prompt that is longer than its reader's context: in tokens where the tokenizer is at hand, else
 * in characters.
 */

import { strip } from '../core/text/strip.ts';
import { anyOf, type PromptParts, promptText } from './prompt-parts.ts';

/** A tokenizer, or whatever else turns texts into numbers and back. */
export interface Codec {
  encode(text: string): number[];
  decode(ids: readonly number[]): string;
}

export interface TruncatedPrompt {
  readonly ids: readonly number[];
  /** Tokens taken from the ends of the shortenable texts; of a very long text at least this many. */
  readonly truncatedTokens: number;
}

export interface TruncatedText {
  readonly text: string;
  /** Characters taken from the ends of the shortenable texts; of a very long text at least this many. */
  readonly truncatedCharacters: number;
}

/** Code points stand for tokens where the tokenizer is not at hand. */
const CODE_POINTS: Codec = {
  encode: (text) => Array.from(text, (character) => character.codePointAt(0)!),
  decode: (ids) => Array.from(ids, (id) => String.fromCodePoint(id)).join(''),
};

/** A prompt of at most `room` characters, by the rule of `truncatePrompt`. */
export function truncateText(parts: PromptParts, room = Number.POSITIVE_INFINITY): TruncatedText {
  const text = promptText(parts);
  if (text.length <= room) return { text, truncatedCharacters: 0 };
  const { ids, truncatedTokens } = truncatePrompt(CODE_POINTS, { text, parts }, room);
  return { text: CODE_POINTS.decode(ids), truncatedCharacters: truncatedTokens };
}

/**
 * The ids of a prompt of at most `room` tokens. A longer one loses tokens from the end of the longer
 * shortenable text until both are equally long, then from both; everything else stays whole. Where that alone
 * does not fit, and where the parts are not given, the prompt stays as it is.
 * @param room tokens of the reader's context that its own text leaves
 */
export function truncatePrompt(
  codec: Codec,
  { text, parts }: { readonly text: string; readonly parts?: PromptParts | undefined },
  room: number,
): TruncatedPrompt {
  if (!parts) return { ids: codec.encode(text), truncatedTokens: 0 };
  const beginnings = beginningsOf(parts, room);
  const isWhole = beginnings === parts;
  const ids = codec.encode(isWhole ? text : promptText(beginnings));
  if (ids.length <= room) return { ids, truncatedTokens: isWhole ? 0 : 1 };
  return shorten(codec, beginnings, room, ids);
}

/** No token of any tokenizer in use stands for more characters. */
const MAX_TOKEN_CHARACTERS = 128;

/**
 * As much of each text as could fit by itself: encoding a megabyte only to drop it can take half a minute.
 */
function beginningsOf(parts: PromptParts, room: number): PromptParts {
  const maxCharacters = Math.max(0, room) * MAX_TOKEN_CHARACTERS;
  if (parts.shortenable.every(({ length }) => length <= maxCharacters)) return parts;
  const beginning = (text: string) =>
    text.length <= maxCharacters ? text : cleaned(text.slice(0, maxCharacters).toWellFormed(), parts);
  return { ...parts, shortenable: [beginning(parts.shortenable[0]), beginning(parts.shortenable[1])] };
}

function shorten(codec: Codec, parts: PromptParts, room: number, ids: readonly number[]): TruncatedPrompt {
  const encoded = parts.shortenable.map((text) => codec.encode(text)) as [number[], number[]];
  const [first, second] = [encoded[0].length, encoded[1].length];
  let budget = first + second - (ids.length - room);
  while (budget >= 0) {
    const maxTokens = longestWithin(first, second, budget);
    const cut = (index: 0 | 1) => firstTokens(codec, parts, index, encoded[index], maxTokens);
    const truncated = codec.encode(promptText({ ...parts, shortenable: [cut(0), cut(1)] }));
    const kept = Math.min(first, maxTokens) + Math.min(second, maxTokens);
    if (truncated.length <= room) return { ids: truncated, truncatedTokens: first + second - kept };
    // A text that is cut can have other tokens than the part of the whole that it was.
    budget -= truncated.length - room;
  }
  return { ids, truncatedTokens: 0 };
}

/** The length that both are cut to so that they have `budget` tokens together; the shorter may have fewer. */
function longestWithin(first: number, second: number, budget: number): number {
  const shorter = Math.min(first, second);
  return 2 * shorter <= budget ? budget - shorter : Math.floor(budget / 2);
}

function firstTokens(
  codec: Codec,
  parts: PromptParts,
  index: 0 | 1,
  ids: readonly number[],
  count: number,
): string {
  return ids.length <= count ? parts.shortenable[index] : cleaned(codec.decode(ids.slice(0, count)), parts);
}

function cleaned(text: string, { removed }: PromptParts): string {
  if (removed === undefined || (Array.isArray(removed) && removed.length === 0)) return text;
  return strip(strip(text).replace(removed instanceof RegExp ? removed : anyOf(removed), ''));
}
