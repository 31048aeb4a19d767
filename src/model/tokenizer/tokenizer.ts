import { join } from 'node:path';
import type { z } from 'zod';
import { InputError } from '../../core/errors.ts';
import { readModelJson } from '../checkpoint/model-json.ts';
import { openLibraryTokenizer } from './guard/guarded-tokenizer.ts';
import { frameOf, specialTokens } from './special-tokens.ts';
import {
  type TokenizerConfig,
  type TokenizerJson,
  tokenizerConfig,
  tokenizerJson,
} from './tokenizer-json.ts';

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

/** Tokenizers of 256,000 tokens take 35 MB. */
const MAX_BYTES = 200_000_000;
const FIX = 'Save the tokenizer again (tokenizer.save_pretrained).';

/**
 * Opens the byte pair encoding of a folder's tokenizer.json. Ids and texts are those of Hugging Face's Rust
 * library.
 * @throws InputError `not-found`, `not-json` or `bad-checkpoint`
 */
export function openTokenizer(folder: string): Tokenizer {
  const path = join(folder, 'tokenizer.json');
  const read = <S extends z.ZodType>(file: string, schema: S) =>
    readModelJson(file, schema, { fix: FIX, maxBytes: MAX_BYTES });
  const json = read(path, tokenizerJson);
  const config = read(join(folder, 'tokenizer_config.json'), tokenizerConfig);
  try {
    const tokenizer = createTokenizer(json, config, path);
    requireWorking(tokenizer);
    return tokenizer;
  } catch (cause) {
    if (cause instanceof InputError) throw cause;
    const found = (cause as Error).message;
    const expected = 'a tokenizer of a supported kind';
    throw new InputError({ code: 'bad-checkpoint', where: path, expected, found, fix: FIX, cause });
  }
}

function createTokenizer(json: TokenizerJson, config: TokenizerConfig, path: string): Tokenizer {
  const special = specialTokens(json, config);
  const specialIds = new Set(special.values());
  const { before, after } = frameOf(json, config, special);
  const added_tokens = json.added_tokens.filter(({ content }) => !special.has(content));
  // Without special tokens, the library finds none in a text and adds none.
  const library = openLibraryTokenizer({ ...json, added_tokens, post_processor: null }, path);
  const isText = (id: number) => !specialIds.has(id) && library.id_to_token(id) !== undefined;
  return {
    encode: (text) => [...before, ...library.encode(text.replace(/\p{Surrogate}/gu, '\uFFFD')).ids, ...after],
    decode: (ids) => {
      const texts = ids.filter(isText);
      // The library throws for an empty list; an exit that ends at once responds with ''.
      return texts.length === 0 ? '' : library.decode(texts, { clean_up_tokenization_spaces: false });
    },
  };
}

/** The library accepts some files that it cannot use; a first text reveals them. */
function requireWorking(tokenizer: Tokenizer): void {
  const ids = tokenizer.encode('Below is an instruction.');
  const isWorking = ids.every((id: unknown) => Number.isInteger(id)) && tokenizer.decode(ids) !== '';
  if (!isWorking) throw new Error('a tokenizer without letters');
}
