import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { InputError } from './errors.js';
/**
 * Writes a file for people to read, and makes the folders above it.
 * @param what it is, with its article: `a figure`
 * @throws InputError `not-writable`
 */
export function writeOutput(path, bytes, what, fix) {
    try {
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, bytes);
    }
    catch (cause) {
        throw new InputError({
            code: 'not-writable',
            where: path,
            expected: `to write ${what}`,
            found: String(cause.code),
            fix,
            cause,
        });
    }
}
