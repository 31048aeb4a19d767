import { dirname, resolve } from 'node:path';
import { InputError } from '../../core/errors.js';
import { MANIFEST_FILE } from './manifest.js';
export function alreadyThere(out, replace) {
    return new InputError({
        code: 'not-writable',
        where: out,
        expected: replace
            ? `a model folder (with ${MANIFEST_FILE}) to replace`
            : 'a folder that does not exist yet',
        found: replace ? 'something else' : 'one',
        fix: replace ? 'Name another folder.' : 'Name another folder, or give --replace.',
    });
}
export function notWritable(out, cause) {
    return new InputError({
        code: 'not-writable',
        where: out,
        expected: `to write a model folder in ${dirname(resolve(out))}`,
        found: String(cause.code ?? cause),
        fix: 'Name a folder on a disk that is writable and has room.',
        cause,
    });
}
