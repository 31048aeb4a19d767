import { join } from 'node:path';
import { Tokenizer as HuggingFaceTokenizer } from '@huggingface/tokenizers';
import { z } from 'zod';
import { InputError } from '../errors.ts';
import { readModelJson } from './model-json.ts';

export interface Tokenizer {
  /** Ids of a prompt, with the tokens that the tokenizer's post-processor puts around it (usually `<s>`). */
  encode(text: string): number[];
  /** Text of ids without special tokens; `''` for no ids. */
  decode(ids: readonly number[]): string;
}

/** Tokenizers of 256,000 tokens take 35 MB. */
const MAX_BYTES = 200_000_000;
const FIX = 'Save the tokenizer again (tokenizer.save_pretrained).';

/**
 * Opens a folder's tokenizer.json with Hugging Face's own implementation.
 * @throws InputError `not-found`, `not-json` or `bad-checkpoint`
 */
export function openTokenizer(folder: string): Tokenizer {
  const path = join(folder, 'tokenizer.json');
  const read = (file: string) =>
    readModelJson(file, z.record(z.string(), z.unknown()), { fix: FIX, maxBytes: MAX_BYTES });
  const tokenizer = create(read(path), read(join(folder, 'tokenizer_config.json')), path);
  return {
    encode: (text) => tokenizer.encode(text).ids,
    // The library throws for an empty list; an exit that ends at once answers ''.
    decode: (ids) => (ids.length === 0 ? '' : tokenizer.decode([...ids], { skip_special_tokens: true })),
  };
}

function create(json: object, config: object, path: string): HuggingFaceTokenizer {
  try {
    const tokenizer = new HuggingFaceTokenizer(json, config);
    requireWorking(tokenizer);
    return tokenizer;
  } catch (cause) {
    const found = (cause as Error).message;
    const expected = 'a tokenizer of a known kind';
    throw new InputError({ code: 'bad-checkpoint', where: path, expected, found, fix: FIX, cause });
  }
}

/** The library takes some files that it cannot use; a first text shows it. */
function requireWorking(tokenizer: HuggingFaceTokenizer): void {
  const { ids } = tokenizer.encode('Below is an instruction.');
  const isWorking =
    ids.every((id: unknown) => Number.isInteger(id)) &&
    tokenizer.decode(ids, { skip_special_tokens: true }) !== '';
  if (!isWorking) throw new Error('one that knows no letter');
}
