/** Tables with a column for each exit, in 80 columns. */

const WIDTH = 80;
/** A row of eight numbers and its label take 20 + 8 · 7 = 76 columns; longer labels leave room for fewer. */
const LABEL_WIDTH = 20;
const NUMBER_WIDTH = 7;

export interface Line {
  readonly label: string;
  readonly values: ReadonlyMap<number, string>;
}

/** '' where no line has a value. In blocks of columns where the width does not hold them all. */
export function gridText(title: string, lines: readonly Line[]): string {
  const exits = [...new Set(lines.flatMap(({ values }) => [...values.keys()]))].sort((a, b) => a - b);
  if (exits.length === 0) return '';
  const longest = Math.max(...[title, ...lines.map(({ label }) => label)].map((label) => label.length));
  const labelWidth = Math.max(LABEL_WIDTH, longest);
  const perBlock = Math.max(1, Math.floor((WIDTH - labelWidth) / NUMBER_WIDTH));
  const blocks: string[] = [];
  for (let start = 0; start < exits.length; start += perBlock) {
    blocks.push(blockText(title, lines, exits.slice(start, start + perBlock), labelWidth));
  }
  return blocks.join('\n');
}

/** Some columns of a grid. */
function blockText(
  title: string,
  lines: readonly Line[],
  exits: readonly number[],
  labelWidth: number,
): string {
  const row = (label: string, cells: readonly string[]) =>
    `${label.padEnd(labelWidth)}${cells.map((cell) => cell.padStart(NUMBER_WIDTH)).join('')}`;
  const body = lines.map(({ label, values }) => {
    const cells = exits.map((exit) => values.get(exit) ?? '–');
    return row(label, cells);
  });
  return [row(title, exits.map(String)), ...body].join('\n');
}

/** `, n 170`: what each number of a table is of; `, n 168–170` where they differ. */
export function countText(counts: readonly number[]): string {
  if (counts.length === 0) return '';
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  return `, n ${least === most ? least : `${least}–${most}`}`;
}
