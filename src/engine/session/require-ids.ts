import { join } from 'node:path';
import { InputError } from '../../core/errors.ts';
import { tokenizerFiles } from '../../model/tokenizer/tokenizer-files.ts';

/**
 * A tokenizer may have ids without a row in the weights, such as a `[PAD]` that was added later; texts rarely
 * use them.
 * @throws InputError `bad-checkpoint` for an id beyond the vocabulary
 */
export function requireIds(ids: BigInt64Array, vocabSize: number, folder: string): void {
  const wrong = ids.find((id) => id < 0 || id >= vocabSize);
  if (wrong === undefined) return;
  throw new InputError({
    code: 'bad-checkpoint',
    where: join(folder, tokenizerFiles(folder)[0]!),
    expected: `token ids from 0 to ${vocabSize - 1}, which the weights have`,
    found: `${wrong}`,
    fix: 'Import again with the tokenizer that these weights were trained with.',
  });
}
