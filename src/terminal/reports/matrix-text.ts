import { groupedBy } from '../../core/grouped-by.ts';
import { subModelName } from '../../core/sub-models.ts';
import { isAllMalformed } from '../../metrics/score.ts';
import { isSignificant, SIGNIFICANCE } from '../../metrics/sign-test.ts';
import { rowObjects } from '../../store/row-objects.ts';
import { onColor } from '../color.ts';
import type { CellValue, Rows } from '../rows.ts';
import { wrappedText } from '../terminal-layout.ts';
import { cut, displayWidth, visible } from '../text-width.ts';

/** How rows of cells read as matrices: `ViewMatrix` of the store. */
export interface MatrixShape {
  readonly value: string;
  readonly title: string;
  readonly scale: 'signed' | 'share';
  readonly by: readonly string[];
  readonly pValue?: string;
}

export interface MatrixOptions {
  /** Of the terminal, in columns. */
  readonly width: number;
  readonly isColored: boolean;
  /** Below each number its interval and n, and a mark where it is significant. */
  readonly hasDetail?: boolean;
}

const NUMBER_WIDTH = 7;
/** Of `[-0.21, -0.05]`. */
const DETAIL_WIDTH = 16;
const NAME_WIDTH = 24;
const NULL = '–';

type Row = Readonly<Record<string, CellValue>>;

/** At least one row; every line ends with a line break. A matrix for each comparison of each run, and for each value of `by`. */
export function matrixText(result: Rows, shape: MatrixShape, options: MatrixOptions): string {
  const keys = ['run', 'comparison', ...shape.by];
  const matrices = groupedBy(rowObjects(result), (row) => JSON.stringify(keys.map((column) => row[column])));
  return matrices.map((cells) => oneMatrix(cells, shape, options)).join('\n');
}

function oneMatrix(cells: readonly Row[], shape: MatrixShape, options: MatrixOptions): string {
  const exitsB = distinct(cells.map((cell) => cell['exit_b'] as number));
  const [first] = cells as [Row];
  const labels = distinct(cells.map((cell) => cell['exit_a'] as number)).map((exit) => ({
    exit,
    label: subModelName(nameOf(first['model_a']), exit),
  }));
  const corner = `against ${nameOf(first['model_b'])}@`;
  const labelWidth = Math.max(...[corner, ...labels.map(({ label }) => label)].map(displayWidth));
  const cellWidth = options.hasDetail ? DETAIL_WIDTH : NUMBER_WIDTH;
  const perBlock = Math.max(1, Math.floor((options.width - labelWidth) / cellWidth));
  const lines = [titleOf(first, shape, options.width)];
  for (let start = 0; start < exitsB.length; start += perBlock) {
    const block = exitsB.slice(start, start + perBlock);
    lines.push(padded(corner, labelWidth) + block.map((exit) => `${exit}`.padStart(cellWidth)).join(''));
    for (const { exit, label } of labels) {
      const row = cells.filter((cell) => cell['exit_a'] === exit);
      const numbers = block.map((exitB) => numberText(row, exitB, shape, options));
      lines.push(padded(label, labelWidth) + numbers.join(''));
      if (options.hasDetail) lines.push(...detailLines(row, block, labelWidth));
    }
  }
  if (options.hasDetail && shape.pValue !== undefined) lines.push(MARK_NOTE);
  return lines.map((line) => `${line}\n`).join('');
}

/** Every matrix names the judge of its verdicts. */
function titleOf(first: Row, shape: MatrixShape, width: number): string {
  const { title, by } = shape;
  const text = (column: string) => visible(String(first[column] ?? NULL), width);
  const parts = [
    `${title} of ${nameOf(first['model_a'])} (rows) against ${nameOf(first['model_b'])} (columns), run ${text('run')}`,
    ...(first['policy'] === undefined ? [] : [`policy ${text('policy')}`]),
    ...by
      .filter((column) => column !== 'policy')
      .map((column) => `${column.replaceAll('_', ' ')} ${text(column)}`),
    `judge ${text('judge')}`,
    ...(first['judge_deviations'] ? [`deviations: ${text('judge_deviations')}`] : []),
  ];
  return wrappedText(parts.join(', '), width);
}

const MARK_NOTE = `* p ≤ ${SIGNIFICANCE}, corrected by Holm over the cells of the matrix`;

function numberText(
  row: readonly Row[],
  exitB: number,
  shape: MatrixShape,
  { isColored, hasDetail }: MatrixOptions,
): string {
  const cell = row.find((candidate) => candidate['exit_b'] === exitB);
  const value = cell?.[shape.value];
  const width = hasDetail ? DETAIL_WIDTH : NUMBER_WIDTH;
  if (typeof value !== 'number' || isUnreadable(cell!)) return NULL.padStart(width);
  const pValue = shape.pValue === undefined ? 0 : cell![shape.pValue];
  const isWorthIt = typeof pValue !== 'number' || isSignificant(pValue);
  const hasTest = shape.pValue !== undefined && typeof pValue === 'number';
  const mark = hasDetail && hasTest && isWorthIt ? '*' : '';
  const text = (rounded(value) + mark).padStart(width);
  if (!isColored || !isWorthIt) return text;
  // High shares are bad: they get the colors below 0.
  return onColor(text, shape.scale === 'signed' ? value : -value);
}

/** Intervals and numbers of pairs below the numbers, as far as the view has them; then an empty line. */
function detailLines(row: readonly Row[], exits: readonly number[], labelWidth: number): string[] {
  const lineOf = (textOf: (cell: Row) => string) => {
    const texts = exits.map((exit) => {
      const cell = row.find((candidate) => candidate['exit_b'] === exit);
      return (cell ? textOf(cell) : '').padStart(DETAIL_WIDTH);
    });
    return (' '.repeat(labelWidth) + texts.join('')).trimEnd();
  };
  const lines = [lineOf(intervalText), lineOf(({ total }) => (total == null ? '' : `n ${total}`))];
  return [...lines.filter((line) => line !== ''), ''];
}

function intervalText(cell: Row): string {
  const { ci_low: low, ci_high: high } = cell;
  if (isUnreadable(cell) || typeof low !== 'number' || typeof high !== 'number') return '';
  return `[${rounded(low)}, ${rounded(high)}]`;
}

const rounded = (value: number) => value.toFixed(2).replace(/^-(?=0\.00$)/, '');

/** Views without counts of verdicts have no such cells. */
function isUnreadable({ malformed, total }: Row): boolean {
  return typeof malformed === 'number' && typeof total === 'number' && isAllMalformed({ malformed, total });
}

function distinct(exits: readonly number[]): number[] {
  return [...new Set(exits)].sort((a, b) => a - b);
}

function nameOf(value: CellValue | undefined): string {
  return cut(visible(String(value), NAME_WIDTH), NAME_WIDTH);
}

function padded(text: string, width: number): string {
  return text + ' '.repeat(width - displayWidth(text));
}
