/** Rows for a person (aligned text, Markdown), a program (JSON, one object a line) or a spreadsheet (CSV). Pure: nothing is printed here. */
import { markdownText } from './markdown.ts';
import { type CellValue, plainValue, type Rows } from './rows.ts';
import { tableText } from './text-table.ts';

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
    case 'jsonl':
      return objectsOf(result)
        .map((line) => `${line}\n`)
        .join('');
    case 'csv':
      return csvText(result);
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
  return rows.map((row) =>
    JSON.stringify(Object.fromEntries(columns.map((column, index) => [column, plainValue(row[index]!)]))),
  );
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
