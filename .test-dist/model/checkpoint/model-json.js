import { InputError } from '../../core/errors.js';
import { readJsonFile } from '../../data/json-file.js';
import { regularFileBytes } from './regular-file.js';
/** config.json and its like hold some kB; a hostile one must not keep the reader busy. */
const SETTINGS_BYTES = 1_000_000;
/**
 * Reads and checks a JSON file of a checkpoint or a model folder.
 * @throws InputError `not-found`, `not-readable`, `not-json`, or `code` (default `bad-checkpoint`)
 */
export function readModelJson(path, schema, { fix, code = 'bad-checkpoint', maxBytes = SETTINGS_BYTES }) {
    const bytes = regularFileBytes(path, 'a JSON file', fix);
    if (bytes <= maxBytes)
        return readJsonFile(path, schema, { fix, code });
    throw new InputError({
        code,
        where: path,
        expected: `at most ${maxBytes} bytes of JSON`,
        found: `${bytes} bytes`,
        fix,
    });
}
