/**
 * Rows as text that fits the terminal. The first of these that fits:
 * 1. all columns side by side;
 * 2. a few rows as blocks of lines, one column a line;
 * 3. a table for each run of rows that agree in a text column (comparison, model);
 * 4. columns that say the same in every row once above the table, texts and headers cut; numbers never are;
 * 5. all rows as blocks of lines.
 */
import { plainValue } from './rows.js';
import { cut, displayWidth, visible } from './text-width.js';
const GAPS = [2, 1];
/** A text column or a header is not made narrower than this. */
const NARROWEST_TEXT = 6;
/** So many rows are easier to read as blocks of lines than in a table that had to be cut. */
const FEW_ROWS = 3;
const NULL = '–';
/** At least one row; every line ends with a line break. `width` in terminal columns. */
export function tableText(result, width) {
    const columns = result.columns.map((header, index) => columnOf(result, header, index, width));
    const natural = columns.map(naturalWidth);
    if (lineWidth(natural, GAPS[0]) <= width)
        return gridText(columns, natural, GAPS[0]);
    if (result.rows.length <= FEW_ROWS)
        return recordsText(columns, width);
    const key = columns.findIndex((column) => isSectionKey(column));
    if (key >= 0)
        return sectionsOf(result, key)
            .map((section) => tableText(section, width))
            .join('\n');
    return cutTableText(columns, width) ?? recordsText(columns, width);
}
function columnOf({ rows }, header, index, width) {
    const values = rows.map((row) => row[index]);
    return {
        header: visible(header, width),
        texts: values.map((value) => cellText(value, width)),
        numeric: values.every((value) => value === null || typeof value === 'number' || typeof value === 'bigint'),
        changes: values.filter((value, row) => row > 0 && plainValue(value) !== plainValue(values[row - 1]))
            .length,
    };
}
function cellText(value, width) {
    if (value === null)
        return NULL;
    if (typeof value === 'number' && !Number.isInteger(value))
        return shortNumber(value);
    return visible(String(plainValue(value)), width);
}
/** Four decimals, or four digits where those would hide the number. */
export function shortNumber(value) {
    return Math.abs(value) >= 0.001 ? String(Number(value.toFixed(4))) : value.toPrecision(4);
}
/** A text that stays the same over more than a few rows at a time. */
function isSectionKey({ numeric, changes, texts }) {
    return !numeric && changes > 0 && texts.length > FEW_ROWS * (changes + 1);
}
function sectionsOf({ columns, rows }, key) {
    const sections = [];
    for (const row of rows) {
        const last = sections.at(-1);
        if (last !== undefined && plainValue(last[0][key]) === plainValue(row[key]))
            last.push(row);
        else
            sections.push([row]);
    }
    return sections.map((section) => ({ columns, rows: section }));
}
function cutTableText(columns, width) {
    const shown = columns.filter(({ changes }) => changes > 0);
    const same = columns.filter(({ changes }) => changes === 0);
    for (const gap of GAPS) {
        const widths = fittingWidths(shown, width, gap);
        if (widths !== undefined)
            return sameText(same, width) + gridText(shown, widths, gap);
    }
    return undefined;
}
/** `run = nano; policy = average` in as few lines as they need, then an empty one. */
function sameText(columns, width) {
    const lines = [];
    for (const { header, texts } of columns) {
        const part = cut(`${header} = ${texts[0]}`, width);
        const longer = `${lines.at(-1)}; ${part}`;
        if (lines.length > 0 && displayWidth(longer) <= width)
            lines[lines.length - 1] = longer;
        else
            lines.push(part);
    }
    return lines.length === 0 ? '' : `${lines.join('\n')}\n\n`;
}
/** Width of each column, or undefined where there is none or even the narrowest do not fit. */
function fittingWidths(columns, width, gap) {
    const widths = columns.map(naturalWidth);
    const narrowest = columns.map(({ texts, numeric }, index) => Math.min(widths[index], Math.max(NARROWEST_TEXT, numeric ? widest(texts) : 0)));
    for (let excess = lineWidth(widths, gap) - width; excess > 0; excess--) {
        const slack = widths.map((current, index) => (current > narrowest[index] ? current : 0));
        const largest = Math.max(0, ...slack);
        if (largest === 0)
            return undefined;
        widths[slack.indexOf(largest)]--;
    }
    return columns.length === 0 ? undefined : widths;
}
function gridText(columns, widths, gap) {
    const line = (texts) => `${texts
        .map((text, index) => padded(text, widths[index], columns[index].numeric))
        .join(' '.repeat(gap))
        .trimEnd()}\n`;
    const rows = columns[0].texts.map((_, row) => line(columns.map((column) => column.texts[row])));
    return [
        line(columns.map(({ header }) => header)),
        line(widths.map((width) => '-'.repeat(width))),
        ...rows,
    ].join('');
}
function padded(text, width, right) {
    const short = cut(text, width);
    const space = ' '.repeat(width - displayWidth(short));
    return right ? `${space}${short}` : `${short}${space}`;
}
function recordsText(columns, width) {
    const gap = GAPS[0];
    const indent = Math.min(widest(columns.map(({ header }) => header)), Math.floor(width / 2));
    const line = ({ header, texts }, row) => `${padded(header, indent, false)}${' '.repeat(gap)}${cut(texts[row], width - indent - gap)}\n`;
    return columns[0].texts.map((_, row) => columns.map((column) => line(column, row)).join('')).join('\n');
}
function naturalWidth({ header, texts }) {
    return widest([header, ...texts]);
}
function lineWidth(widths, gap) {
    return widths.reduce((total, width) => total + width, 0) + gap * (widths.length - 1);
}
function widest(texts) {
    return texts.reduce((most, text) => Math.max(most, displayWidth(text)), 0);
}
