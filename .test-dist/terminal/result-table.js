/** Rows for a person (aligned text, Markdown), a program (JSON, one object a line) or a spreadsheet (CSV). Pure: nothing is printed here. */
import { markdownText } from './markdown.js';
import { plainValue } from './rows.js';
import { tableText } from './text-table.js';
export const ROW_FORMATS = ['table', 'json', 'jsonl', 'csv', 'md'];
const DEFAULT_WIDTH = 80;
/** `width` is of the terminal, in columns, for `table` alone. */
export function formatRows(result, format, width = DEFAULT_WIDTH) {
    const stderr = result.rows.length === 0 ? 'No rows.\n' : '';
    return { stdout: formatted(result, format, width), stderr };
}
function formatted(result, format, width) {
    switch (format) {
        case 'table':
            return result.rows.length === 0 ? '' : tableText(result, width);
        case 'json':
            return `${jsonText(result)}\n`;
        case 'jsonl':
            return objectsOf(result)
                .map((line) => `${line}\n`)
                .join('');
        case 'csv':
            return csvText(result);
        case 'md':
            return markdownText(result);
        default:
            throw new TypeError(`no format ${JSON.stringify(format)}`);
    }
}
/** An array of objects, one row a line. An integer beyond 2^53 and a blob become strings. */
export function jsonText(result) {
    const lines = objectsOf(result);
    return lines.length === 0 ? '[]' : `[\n${lines.join(',\n')}\n]`;
}
function objectsOf({ columns, rows }) {
    return rows.map((row) => JSON.stringify(Object.fromEntries(columns.map((column, index) => [column, plainValue(row[index])]))));
}
/** RFC 4180: CRLF, quotes doubled, header first. Null is an empty field, the empty string `""`. */
export function csvText({ columns, rows }) {
    const lines = [columns, ...rows].map((row) => row.map(csvField).join(','));
    return lines.map((line) => `${line}\r\n`).join('');
}
function csvField(value) {
    if (value === null)
        return '';
    const text = String(plainValue(value));
    return text === '' || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
