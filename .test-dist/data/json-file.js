import { readFileSync } from 'node:fs';
import { InputError } from '../core/errors.js';
import { MAX_JSON_DEPTH, scanJson } from './scan-json.js';
/**
 * Reads a text file without its byte order mark. Bytes that are not UTF-8 throw: a silent U+FFFD would change an id.
 * @throws InputError `not-found`, `not-readable`, or `not-json` for bytes that are not UTF-8
 */
export function readText(path, fix) {
    return decodeUtf8(readBytes(path, fix), path, fix);
}
/** @throws InputError `not-json` */
export function decodeUtf8(bytes, where, fix) {
    try {
        return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    }
    catch (cause) {
        const words = { expected: 'text in UTF-8', found: 'other bytes', fix };
        throw new InputError({ code: 'not-json', where, ...words, cause });
    }
}
function readBytes(path, fix) {
    try {
        return readFileSync(path);
    }
    catch (cause) {
        const errno = cause.code;
        const missing = errno === 'ENOENT' || errno === 'ENOTDIR';
        throw new InputError({
            code: missing ? 'not-found' : 'not-readable',
            where: path,
            expected: 'a readable file',
            found: missing ? 'no such file' : errno === 'EISDIR' ? 'a directory' : `${errno}`,
            fix,
            cause,
        });
    }
}
/**
 * Parses JSON text; `where` names the place in the error. A key given twice is refused, since nobody can tell which of
 * the two values is meant.
 * @throws InputError `not-json`
 */
export function parseJson(text, where, fix) {
    const { isTooDeep, repeatedKey } = scanJson(text);
    const notJson = (expected, found, cause) => new InputError({ code: 'not-json', where, expected, found, fix, cause });
    if (isTooDeep)
        throw notJson(`JSON of at most ${MAX_JSON_DEPTH} levels`, 'more of them');
    const value = parse(text, notJson);
    if (repeatedKey === undefined)
        return value;
    throw notJson('each key of an object once', `${JSON.stringify(repeatedKey)} twice`);
}
function parse(text, notJson) {
    try {
        return JSON.parse(text);
    }
    catch (cause) {
        throw notJson('JSON', cause.message.slice(0, 120), cause);
    }
}
/**
 * Checks a value against a schema and returns the typed value.
 * @throws InputError with `code`, naming the first key that does not fit
 */
export function checkSchema(value, schema, place) {
    const result = schema.safeParse(value);
    if (result.success)
        return result.data;
    const issue = result.error.issues[0];
    const key = issue.path.length > 0 ? `: ${issue.path.join('.')}` : '';
    throw new InputError({
        code: place.code,
        where: `${place.path}${key}`,
        expected: 'a value that fits the schema',
        found: issue.message,
        fix: place.fix,
    });
}
/** Reads, parses and checks a JSON file in one go; throws as the three functions above do. */
export function readJsonFile(path, schema, { fix, code }) {
    return checkSchema(parseJson(readText(path, fix), path, fix), schema, { path, fix, code });
}
