import type { z } from 'zod';
import { InputError } from '../../core/errors.ts';
import { readModelJson } from '../checkpoint/model-json.ts';
import type { TextTokenizer } from './text-tokenizer.ts';

/** Tokenizers of 256,000 tokens take 35 MB. */
export const MAX_TOKENIZER_BYTES = 200_000_000;
const FIX = 'Save the tokenizer again (tokenizer.save_pretrained).';

/** @throws InputError `not-found`, `not-readable`, `not-json` or `bad-checkpoint` */
export function readTokenizerFile<S extends z.ZodType>(path: string, schema: S): z.output<S> {
  return readModelJson(path, schema, { fix: FIX, maxBytes: MAX_TOKENIZER_BYTES });
}

/**
 * Makes a tokenizer and tries it on a first text: some files are read well and of no use.
 * @throws InputError `bad-checkpoint` with the reason of any failure
 */
export function workingTokenizer(path: string, make: () => TextTokenizer, fix = FIX): TextTokenizer {
  try {
    const tokenizer = make();
    const ids = tokenizer.encodeText('Below is an instruction.');
    const isWorking = ids.every((id: unknown) => Number.isInteger(id)) && tokenizer.decode(ids) !== '';
    if (!isWorking) throw new Error('a tokenizer without letters');
    return tokenizer;
  } catch (cause) {
    if (cause instanceof InputError) throw cause;
    const found = (cause as Error).message;
    const expected = 'a tokenizer of a supported kind';
    throw new InputError({ code: 'bad-checkpoint', where: path, expected, found, fix, cause });
  }
}
