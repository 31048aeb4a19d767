import { lstatSync, statSync } from 'node:fs';
import { InputError } from '../../core/errors.js';
/**
 * Size of a file in bytes. A symbolic link counts as the file that it leads to, since Hugging Face's cache is made of
 * links; a pipe or a device does not, since it might never end.
 * @throws InputError `not-found` or `not-readable`
 */
export function regularFileBytes(path, expected, fix) {
    const refused = (code, found, cause) => new InputError({ code, where: path, expected, found, fix, cause });
    try {
        const stats = statSync(path);
        if (stats.isFile())
            return stats.size;
    }
    catch (cause) {
        if (isMissing(cause))
            throw refused('not-found', 'no such file', cause);
        throw refused('not-readable', `${cause.code}`, cause);
    }
    throw refused('not-readable', 'something that is no file');
}
/** Whether something lies there; unlike `existsSync`, also where it is a link that leads nowhere. */
export function isThere(path) {
    try {
        lstatSync(path);
        return true;
    }
    catch (error) {
        // Whoever reads it says what else is wrong.
        return !isMissing(error);
    }
}
/** A name that cannot lead out of its folder, on any system. */
export function isPlainFileName(name) {
    return typeof name === 'string' && /^[^/\\:\0]+$/.test(name) && name !== '.' && name !== '..';
}
function isMissing(error) {
    return ['ENOENT', 'ENOTDIR'].includes(`${error.code}`);
}
