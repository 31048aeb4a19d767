import { frameIn } from './first-token.ts';
import { openTokenizerJson } from './json-tokenizer.ts';
import { openTokenizerModel } from './sentencepiece-tokenizer.ts';
import type { TextTokenizer } from './text-tokenizer.ts';
import { usesSentencePiece } from './tokenizer-files.ts';

export interface Tokenizer {
  /**
   * Ids of a prompt, with the tokens that the tokenizer puts around it (usually `<s>`). All of the prompt is
   * text: what looks like a special token in it is spelled out (transformers' `split_special_tokens=True`).
   * Half a surrogate pair, which no UTF-8 has, counts as U+FFFD.
   */
  encode(text: string): number[];
  /** Text of ids without special tokens; `''` for no ids. Unknown ids are left out. */
  decode(ids: readonly number[]): string;
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
  const { before, after } = frameIn(folder, tokenizer);
  return {
    encode: (text) => [...before, ...tokenizer.encodeText(text), ...after],
    decode: tokenizer.decode,
  };
}

/** The same without what a folder's other files decide. */
export function openTextTokenizer(folder: string): TextTokenizer {
  return usesSentencePiece(folder) ? openTokenizerModel(folder) : openTokenizerJson(folder);
}
