/** Rows for a person (aligned text), a program (JSON) or a spreadsheet (CSV). Pure: nothing is printed here. */
import { cut, displayWidth, visible } from './text-width.ts';

/** What `query` and the reports print. */
export interface Rows {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly CellValue[])[];
}

export type CellValue = string | number | bigint | boolean | null | Uint8Array;
export type RowFormat = 'table' | 'json' | 'csv';

export interface Printed {
  /** Ends with a line break unless it is empty. */
  readonly stdout: string;
  /** A word about an empty result, so that nothing to see is not taken for a failure; else ''. */
  readonly stderr: string;
}

const DEFAULT_WIDTH = 80;
const GAP = 2;
/** A text column is not made narrower than this; where that is not enough, each row becomes a block of lines. */
const NARROWEST_TEXT = 6;
/** So many rows are easier to read as blocks of lines than in a table that had to be cut. */
const FEW_ROWS = 3;
const NULL = '–';

/** `width` is of the terminal, in columns, for `table` alone. */
export function formatRows(result: Rows, format: RowFormat, width: number = DEFAULT_WIDTH): Printed {
  const stderr = result.rows.length === 0 ? 'No rows.\n' : '';
  return { stdout: formatted(result, format, width), stderr };
}

function formatted(result: Rows, format: RowFormat, width: number): string {
  switch (format) {
    case 'table':
      return result.rows.length === 0 ? '' : tableText(result, width);
    case 'json':
      return `${jsonText(result)}\n`;
    case 'csv':
      return csvText(result);
    default:
      throw new TypeError(`no format ${JSON.stringify(format satisfies never)}`);
  }
}

/** An array of objects, one row a line. An integer beyond 2^53 and a blob become strings. */
export function jsonText({ columns, rows }: Rows): string {
  const lines = rows.map((row) =>
    JSON.stringify(Object.fromEntries(columns.map((column, index) => [column, plainValue(row[index]!)]))),
  );
  return lines.length === 0 ? '[]' : `[\n${lines.join(',\n')}\n]`;
}

/** RFC 4180: CRLF, quotes doubled, header first. Null is an empty field, the empty string `""`. */
export function csvText({ columns, rows }: Rows): string {
  const lines = [columns, ...rows].map((row) => row.map(csvField).join(','));
  return lines.map((line) => `${line}\r\n`).join('');
}

function csvField(value: CellValue): string {
  if (value === null) return '';
  const text = String(plainValue(value));
  return text === '' || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function plainValue(value: CellValue): string | number | boolean | null {
  if (typeof value === 'bigint') return String(value);
  return value instanceof Uint8Array ? `x'${Buffer.from(value).toString('hex')}'` : value;
}

interface Column {
  readonly header: string;
  readonly texts: readonly string[];
  readonly numeric: boolean;
  /** Equal in every row, to the last character. */
  readonly same: boolean;
}

/**
 * All columns side by side where they fit. Where not, a few rows become blocks of lines; of many, the columns that say
 * the same in every row stand once above the table. Then text columns and headers shrink; numbers never do.
 */
function tableText(result: Rows, width: number): string {
  const columns = result.columns.map((header, index) => columnOf(result, header, index, width));
  const natural = columns.map(naturalWidth);
  if (lineWidth(natural) <= width) return gridText(columns, natural);
  if (result.rows.length <= FEW_ROWS) return recordsText(columns, width);
  const shown = columns.filter(({ same }) => !same);
  const widths = fittingWidths(shown, width);
  if (shown.length === 0 || widths === undefined) return recordsText(columns, width);
  const above = columns
    .filter(({ same }) => same)
    .map(({ header, texts }) => `${cut(`${header} = ${texts[0]}`, width)}\n`)
    .join('');
  return `${above}${above === '' ? '' : '\n'}${gridText(shown, widths)}`;
}

function columnOf({ rows }: Rows, header: string, index: number, width: number): Column {
  const values = rows.map((row) => row[index]!);
  return {
    header: visible(header, width),
    texts: values.map((value) => cellText(value, width)),
    numeric: values.every(
      (value) => value === null || typeof value === 'number' || typeof value === 'bigint',
    ),
    same: new Set(values.map(plainValue)).size === 1,
  };
}

function cellText(value: CellValue, width: number): string {
  if (value === null) return NULL;
  if (typeof value === 'number' && !Number.isInteger(value)) return shortNumber(value);
  return visible(String(plainValue(value)), width);
}

/** Four decimals, or four digits where those would hide the number. */
function shortNumber(value: number): string {
  return Math.abs(value) >= 0.001 ? String(Number(value.toFixed(4))) : value.toPrecision(4);
}

/** Width of each column, or undefined where even the narrowest do not fit. */
function fittingWidths(columns: readonly Column[], width: number): number[] | undefined {
  const widths = columns.map(naturalWidth);
  const narrowest = columns.map(({ texts, numeric }, index) =>
    Math.min(widths[index]!, Math.max(NARROWEST_TEXT, numeric ? widest(texts) : 0)),
  );
  let excess = lineWidth(widths) - width;
  for (; excess > 0; excess--) {
    const slack = widths.map((current, index) => (current > narrowest[index]! ? current : 0));
    const largest = Math.max(...slack);
    if (largest === 0) return undefined;
    widths[slack.indexOf(largest)]!--;
  }
  return widths;
}

function gridText(columns: readonly Column[], widths: readonly number[]): string {
  const line = (texts: readonly string[]): string =>
    `${texts
      .map((text, index) => padded(text, widths[index]!, columns[index]!.numeric))
      .join(' '.repeat(GAP))
      .trimEnd()}\n`;
  const rows = columns[0]!.texts.map((_, row) => line(columns.map((column) => column.texts[row]!)));
  return [
    line(columns.map(({ header }) => header)),
    line(widths.map((width) => '-'.repeat(width))),
    ...rows,
  ].join('');
}

function padded(text: string, width: number, right: boolean): string {
  const short = cut(text, width);
  const space = ' '.repeat(width - displayWidth(short));
  return right ? `${space}${short}` : `${short}${space}`;
}

function recordsText(columns: readonly Column[], width: number): string {
  const indent = Math.min(widest(columns.map(({ header }) => header)), Math.floor(width / 2));
  return columns[0]!.texts
    .map((_, row) =>
      columns
        .map(
          ({ header, texts }) =>
            `${padded(header, indent, false)}${' '.repeat(GAP)}${cut(texts[row]!, width - indent - GAP)}\n`,
        )
        .join(''),
    )
    .join('\n');
}

function naturalWidth({ header, texts }: Column): number {
  return widest([header, ...texts]);
}

function lineWidth(widths: readonly number[]): number {
  return widths.reduce((total, width) => total + width, 0) + GAP * (widths.length - 1);
}

function widest(texts: readonly string[]): number {
  return texts.reduce((most, text) => Math.max(most, displayWidth(text)), 0);
}
