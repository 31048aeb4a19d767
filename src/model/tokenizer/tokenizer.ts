import type { FormedPrompt, PromptPiece } from '../../data/prompts/prompt-form.ts';
import { frameIn } from './first-token.ts';
import { openTokenizerJson } from './json-tokenizer.ts';
import { openTokenizerModel } from './sentencepiece-tokenizer.ts';
import type { Frame, TextTokenizer } from './text-tokenizer.ts';
import { usesSentencePiece } from './tokenizer-files.ts';

export interface Tokenizer {
  /**
   * Ids of a prompt, with the tokens that the tokenizer puts around it (usually `<s>`). All of the prompt is
   * text: what looks like a special token in it is spelled out (transformers' `split_special_tokens=True`).
   * Half a surrogate pair, which no UTF-8 has, counts as U+FFFD.
   */
  encode(text: string): number[];
  /**
   * Ids of a prompt whose form has special tokens: these are tokens, what an instruction brings is text.
   * @param isFramed with the tokens that the tokenizer puts around a text, unless the form writes them itself
   */
  encodePieces(pieces: readonly PromptPiece[], isFramed: boolean): number[];
  /** Id of the special token with which a text of a form begins, white space before it aside. */
  specialAt(text: string): number | undefined;
  /** Text of ids without special tokens; `''` for no ids. Unknown ids are left out. */
  decode(ids: readonly number[]): string;
  /** How an id is spelled in the vocabulary. */
  tokenOf(id: number): string | undefined;
}

/** Ids of a prompt in any form. */
export function encodePrompt(
  tokenizer: Tokenizer,
  { text, pieces, isFramed = true }: FormedPrompt,
): number[] {
  return pieces ? tokenizer.encodePieces(pieces, isFramed) : tokenizer.encode(text);
}

/** Part of every content key. Raise it when a text gets other ids, or ids another text. */
export const TOKENIZER_VERSION = 2;

/**
 * Opens the byte pair encoding of a folder's tokenizer.json; where there is none, of its tokenizer.model. Ids and texts
 * are those of Hugging Face's Rust library, or of Google's SentencePiece.
 * @throws InputError `not-found`, `not-json` or `bad-checkpoint`
 */
export function openTokenizer(folder: string): Tokenizer {
  const tokenizer = openTextTokenizer(folder);
  const frame = frameIn(folder, tokenizer);
  const { before, after } = frame;
  return {
    encodePieces: (pieces, isFramed) => {
      const ids = tokenizer.encodePieces(pieces);
      return isFramed ? framed(ids, frame) : ids;
    },
    specialAt: (text) => specialAtStart(tokenizer.special, text.trimStart()),
    encode: (text) => [...before, ...tokenizer.encodeText(text), ...after],
    decode: tokenizer.decode,
    tokenOf: tokenizer.tokenOf,
  };
}

/** A form that writes the frame's tokens itself does not get them twice. */
function framed(ids: readonly number[], { before, after }: Frame): number[] {
  const isBegun = String(ids.slice(0, before.length)) === String(before);
  const isEnded = after.length === 0 || String(ids.slice(-after.length)) === String(after);
  return [...(isBegun ? [] : before), ...ids, ...(isEnded ? [] : after)];
}

/** Of several, the longest. */
function specialAtStart(special: ReadonlyMap<string, number>, text: string): number | undefined {
  const found = [...special].filter(([name]) => text.startsWith(name));
  return found.sort(([left], [right]) => right.length - left.length)[0]?.[1];
}

/** The same without what a folder's other files decide. */
export function openTextTokenizer(folder: string): TextTokenizer {
  return usesSentencePiece(folder) ? openTokenizerModel(folder) : openTokenizerJson(folder);
}
