import { join } from 'node:path';
import { InputError } from '../../core/errors.js';
/**
 * A tokenizer may have ids that the weights have no row for, such as a `[PAD]` added later; texts rarely use them.
 * @throws InputError `bad-checkpoint` for an id beyond the vocabulary
 */
export function requireIds(ids, vocabSize, folder) {
    const wrong = ids.find((id) => id < 0 || id >= vocabSize);
    if (wrong === undefined)
        return;
    throw new InputError({
        code: 'bad-checkpoint',
        where: join(folder, 'tokenizer.json'),
        expected: `token ids from 0 to ${vocabSize - 1}, which the weights have`,
        found: `${wrong}`,
        fix: 'Import again with the tokenizer that these weights were trained with.',
    });
}
