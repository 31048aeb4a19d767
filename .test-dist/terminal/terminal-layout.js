/** Plain text in columns, for tables that are made for one page and not for any rows. */
import { displayWidth } from './text-width.js';
/** Lines of cells: the first column to the left, the others to the right. */
export function alignedText(lines, gap = 2) {
    const widths = lines[0].map((_, column) => Math.max(...lines.map((line) => displayWidth(line[column]))));
    const padded = (text, column) => {
        const space = ' '.repeat(widths[column] - displayWidth(text));
        return column === 0 ? `${text}${space}` : `${space}${text}`;
    };
    return lines.map((line) => line.map(padded).join(' '.repeat(gap)).trimEnd()).join('\n');
}
/** `label` in a column of its own, `text` beside it, wrapped at `width` columns; a longer word stays whole. */
export function labelledText(label, text, labelWidth, width) {
    const lines = [];
    for (const word of text.split(' ')) {
        const longer = `${lines.at(-1)} ${word}`;
        if (lines.length > 0 && labelWidth + displayWidth(longer) <= width)
            lines[lines.length - 1] = longer;
        else
            lines.push(word);
    }
    return lines
        .map((line, index) => `${(index === 0 ? label : '').padEnd(labelWidth)}${line}`.trimEnd())
        .join('\n');
}
/** `text` wrapped at `width` columns. */
export function wrappedText(text, width) {
    return labelledText('', text, 0, width);
}
