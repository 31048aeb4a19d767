import { plainValue } from './rows.js';
import { shortNumber } from './text-table.js';
import { visible } from './text-width.js';
/** A table as GitHub reads it: numbers to the right, texts in one line each and without meaning to Markdown or HTML. */
export function markdownText({ columns, rows }) {
    const isNumber = columns.map((_, index) => rows.length > 0 && rows.every((row) => isNumeric(row[index])));
    const lines = [
        columns.map(escaped),
        isNumber.map((number) => (number ? '---:' : '---')),
        ...rows.map((row) => row.map(cellText)),
    ];
    return lines.map((cells) => `| ${cells.join(' | ')} |\n`).join('');
}
function isNumeric(value) {
    return value === null || typeof value === 'number' || typeof value === 'bigint';
}
function cellText(value) {
    if (value === null)
        return '';
    if (typeof value === 'number' && !Number.isInteger(value))
        return shortNumber(value);
    return escaped(String(plainValue(value)));
}
/** Line breaks stay as such; other characters that show nothing become escapes. */
function escaped(text) {
    const lines = text.split(/\r?\n/).map((line) => visible(line, Number.POSITIVE_INFINITY));
    return lines.map((line) => line.replace(/[\\`*[\]<>&|~$]|(?<!\w)_|_(?!\w)/g, '\\$&')).join('<br>');
}
