/**
 * Hugging Face's JavaScript tokenizers, made equal to their Rust library `tokenizers`, which trained the
 * models. What differs in @huggingface/tokenizers 0.2.0 is replaced here;
 * test/model/tokenizer/tokenizer-parity.test.ts compares the two.
 */

import { Tokenizer } from '@huggingface/tokenizers';
import { wordEncoder } from './bpe.ts';
import type { AddedToken, TokenizerJson } from './tokenizer-json.ts';

/** What is used of the library's Tokenizer; its own types do not resolve in an ESM project. */
export interface LibraryTokenizer {
  encode(text: string): { ids: number[] };
  /** Added tokens, and what the model makes of the words between them. */
  encode_text(text: string): string[];
  decode(ids: number[], options: { clean_up_tokenization_spaces: boolean }): string;
  id_to_token(id: number): string | undefined;
  readonly added_tokens_map: ReadonlyMap<string, { readonly id: number }>;
  readonly model: {
    (words: readonly string[]): string[];
    readonly vocab: string[];
    readonly tokens_to_ids: ReadonlyMap<string, number>;
    readonly unk_token_id: number | undefined;
    bpe(word: string): string[];
  };
  readonly normalizer: { normalize(text: string): string } | null;
  readonly pre_tokenizer: PreTokenizer | null;
  readonly decoder: Decoder | null;
}

interface PreTokenizer {
  readonly config?: { readonly type: string; readonly individual_digits?: boolean };
  /** Of a sequence. */
  readonly tokenizers?: readonly PreTokenizer[];
  pattern?: RegExp;
}

interface Decoder {
  readonly config: { readonly type: string };
  /** Of a sequence. */
  readonly decoders?: readonly Decoder[];
  decode_chain(tokens: readonly string[]): string[];
}

/** @throws Error if the library does not support a part, or the parts do not fit together */
export function createLibraryTokenizer({ model, ...json }: TokenizerJson): LibraryTokenizer {
  // The merges go to `wordEncoder` alone: the library would build a table of them that nothing reads.
  const parts = { ...json, model: { ...model, merges: [] } };
  // Where its types do resolve, as in the page's project, they leave parts nullable that are always there.
  const tokenizer = new Tokenizer(parts, {}) as unknown as LibraryTokenizer;
  replaceMerging(tokenizer, model);
  json.added_tokens.forEach((token) => {
    normalizeAdded(tokenizer, token);
  });
  replacePatterns(tokenizer.pre_tokenizer);
  replaceByteFallback(tokenizer.decoder);
  return tokenizer;
}

/**
 * The library merges around a byte that has no token, where Rust leaves it out first, and is ten times slower
 * on a long text without spaces.
 */
function replaceMerging({ model }: LibraryTokenizer, json: TokenizerJson['model']): void {
  const encode = wordEncoder({
    vocab: model.tokens_to_ids,
    merges: json.merges,
    unknown: json.unk_token ?? undefined,
    fuseUnknown: json.fuse_unk,
    byteFallback: json.byte_fallback,
  });
  model.bpe = (word) => encode(word).map((id) => model.vocab[id]!);
}

/** An added word is stored in the vocabulary in its normalized form: in LLaMA 2's with its space. */
function normalizeAdded(
  { model, normalizer }: LibraryTokenizer,
  { id, content, normalized }: AddedToken,
): void {
  if (normalized && normalizer) model.vocab[id] = normalizer.normalize(content);
}

/** OpenAI's gpt-2 pattern. In Rust `\s` is Unicode's White_Space: with U+0085, without U+FEFF. */
const GPT2_PATTERN =
  /'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\p{White_Space}\p{L}\p{N}]+|\p{White_Space}+(?!\P{White_Space})|\p{White_Space}+/gu;

/** Only the library's own patterns: it translates those of tokenizer.json well. */
function replacePatterns(preTokenizer: PreTokenizer | null): void {
  preTokenizer?.tokenizers?.forEach(replacePatterns);
  if (preTokenizer?.config?.type === 'ByteLevel') preTokenizer.pattern = GPT2_PATTERN;
  // Digits of every script, and other numbers.
  if (preTokenizer?.config?.type === 'Digits')
    preTokenizer.pattern = preTokenizer.config.individual_digits ? /\P{N}+|\p{N}/gu : /\P{N}+|\p{N}+/gu;
}

/** The library decodes as much of a byte sequence as is UTF-8, and drops a byte order mark. */
function replaceByteFallback(decoder: Decoder | null): void {
  decoder?.decoders?.forEach(replaceByteFallback);
  if (decoder?.config.type === 'ByteFallback') decoder.decode_chain = joinBytes;
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Byte tokens in a row as their text; if they are not UTF-8, one U+FFFD for each of them. */
function joinBytes(tokens: readonly string[]): string[] {
  const texts: string[] = [];
  let bytes: number[] = [];
  const flush = () => {
    if (bytes.length > 0) texts.push(textOf(bytes));
    bytes = [];
  };
  for (const token of tokens) {
    const hex = /^<0x([0-9A-Fa-f]{2})>$/.exec(token)?.[1];
    if (hex) bytes.push(Number.parseInt(hex, 16));
    else {
      flush();
      texts.push(token);
    }
  }
  flush();
  return texts;
}

function textOf(bytes: readonly number[]): string {
  try {
    return utf8.decode(Uint8Array.from(bytes));
  } catch {
    return '\uFFFD'.repeat(bytes.length);
  }
}
