/** Rows for a person (aligned text, Markdown), a program (JSON, one object a line) or a spreadsheet (CSV). Pure: nothing is printed here. */
import { rowObjects } from '../store/row-objects.ts';
import { csvText, type Formulas } from './csv-text.ts';
import { markdownText } from './markdown.ts';
import { plainValue, type Rows } from './rows.ts';
import { tableText } from './text-table.ts';
import { printable, visibleJson } from './text-width.ts';

export type { CellValue, Rows } from './rows.ts';
export const ROW_FORMATS = ['table', 'json', 'jsonl', 'csv', 'md'] as const;
export type RowFormat = (typeof ROW_FORMATS)[number];

export interface Printed {
  /** Ends with a line break unless it is empty. */
  readonly stdout: string;
  /** A message for an empty result, so that it does not look like a failure; else ''. */
  readonly stderr: string;
}

const DEFAULT_WIDTH = 80;

/** `width` is of the terminal, in columns, for `table` alone; `formulas` are for `csv` alone. */
export function formatRows(
  result: Rows,
  format: RowFormat,
  width: number = DEFAULT_WIDTH,
  formulas: Formulas = 'escaped',
): Printed {
  const stderr = result.rows.length === 0 ? 'No rows.\n' : '';
  return { stdout: formatted(result, format, width, formulas), stderr };
}

/** Rows as a stream gets them: CSV for a program stays as it is, byte for byte. */
export function printed(text: string, format: RowFormat, stream: { readonly isTTY?: boolean }): string {
  if (format !== 'csv') return printable(text);
  return stream.isTTY ? printable(text.replaceAll('\r\n', '\n')) : text;
}

function formatted(result: Rows, format: RowFormat, width: number, formulas: Formulas): string {
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
      return csvText(result, formulas);
    case 'md':
      return markdownText(result);
    default:
      throw new TypeError(`no format ${JSON.stringify(format satisfies never)}`);
  }
}

/** An array of objects, one row a line. An integer beyond 2^53 and a blob become strings. */
export function jsonText(result: Rows): string {
  const lines = objectsOf(result);
  return lines.length === 0 ? '[]' : `[\n${lines.join(',\n')}\n]`;
}

function objectsOf({ columns, rows }: Rows): string[] {
  const plain = rows.map((row) => row.map(plainValue));
  return rowObjects({ columns, rows: plain }).map((row) => visibleJson(JSON.stringify(row)));
}
