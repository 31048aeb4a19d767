/** Plain text in columns, for tables that are made for one page and not for any rows. */
import { displayWidth } from './text-width.ts';

/** Lines of cells: the first column to the left, the others to the right. */
export function alignedText(lines: readonly (readonly string[])[], gap = 2): string {
  const widths = lines[0]!.map((_, column) => Math.max(...lines.map((line) => displayWidth(line[column]!))));
  const padded = (text: string, column: number) => {
    const space = ' '.repeat(widths[column]! - displayWidth(text));
    return column === 0 ? `${text}${space}` : `${space}${text}`;
  };
  return lines.map((line) => line.map(padded).join(' '.repeat(gap)).trimEnd()).join('\n');
}

/** As few lines of at most `width` columns as hold the parts, joined by `separator`; a longer part has a line of its own. */
export function packedLines(parts: readonly string[], separator: string, width: number): string[] {
  const lines: string[] = [];
  for (const part of parts) {
    const longer = `${lines.at(-1)}${separator}${part}`;
    if (lines.length > 0 && displayWidth(longer) <= width) lines[lines.length - 1] = longer;
    else lines.push(part);
  }
  return lines;
}

/** `label` in a column of its own, `text` beside it, wrapped at `width` columns; a longer word stays whole. */
export function labelledText(label: string, text: string, labelWidth: number, width: number): string {
  return packedLines(text.split(' '), ' ', width - labelWidth)
    .map((line, index) => `${(index === 0 ? label : '').padEnd(labelWidth)}${line}`.trimEnd())
    .join('\n');
}

/** `text` wrapped at `width` columns. */
export function wrappedText(text: string, width: number): string {
  return labelledText('', text, 0, width);
}
