/** Reads files of records, a JSON array or JSON Lines, and words what is wrong with them. */
import { InputError } from '../core/errors.js';
import { parseJson, readText } from './json-file.js';
const FIX = 'Check the path, and that the file is whole: a JSON array, or one JSON object a line.';
/**
 * The records of a JSON array or of a JSON Lines file; which of the two is told by the first character, not by the
 * file's name.
 *
 * @throws InputError `not-found`, `not-readable`, `not-json`, `empty`, or the kind's own code where the JSON is neither
 * an array nor lines of objects.
 */
export function readRecords(path, kind) {
    const text = readText(path, FIX);
    const records = text.trimStart().startsWith('[') ? arrayRecords(path, text) : lineRecords(path, text, kind);
    if (records.length > 0)
        return records;
    throw new InputError({
        code: 'empty',
        where: path,
        expected: 'at least one record',
        found: 'none',
        fix: 'Name a file that holds records.',
    });
}
/**
 * The value that `schema` makes of a record.
 *
 * @throws InputError with the kind's code, the place of the record and the first key that is wrong.
 */
export function checkRecord(schema, record, kind) {
    const result = schema.safeParse(record.value);
    if (result.success)
        return result.data;
    const issue = result.error.issues[0];
    throw new InputError({
        code: kind.code,
        where: record.where + issue.path.map((key) => `.${String(key)}`).join(''),
        expected: issue.path.length > 0 ? issue.message : kind.record,
        found: describeValue(valueAt(record.value, issue.path)),
        fix: `Each record must be ${kind.record}.`,
    });
}
/** A value for an error message: its type and a little of it, never a whole file. */
export function describeValue(value) {
    if (value === undefined)
        return 'nothing';
    const text = JSON.stringify(value);
    return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
function valueAt(value, path) {
    return path.reduce((inner, key) => inner?.[key], value);
}
function arrayRecords(path, text) {
    const values = parseJson(text, path, FIX);
    return values.map((value, index) => ({ value, where: `${path}: [${index}]` }));
}
function lineRecords(path, text, kind) {
    const records = [];
    for (const [index, line] of text.split('\n').entries()) {
        if (line.trim() === '')
            continue;
        const where = `${path}: line ${index + 1}`;
        // A whole file that is one object over many lines would otherwise be reported as a cut JSON line.
        if (line.trim() === '{')
            throw notRecords(path, kind);
        records.push({ value: parseJson(line, where, FIX), where });
    }
    return records;
}
function notRecords(path, kind) {
    return new InputError({
        code: kind.code,
        where: path,
        expected: 'a JSON array, or one JSON object a line',
        found: 'one JSON object over many lines',
        fix: `Put the records into an array; each must be ${kind.record}.`,
    });
}
