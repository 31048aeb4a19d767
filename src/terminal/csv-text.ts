import { type CellValue, plainValue, type Rows } from './rows.ts';

/** What becomes of a text that a spreadsheet would take for a formula. */
export type Formulas = 'escaped' | 'kept';

/** A text that begins so is a formula to Excel, LibreOffice and Google Sheets; a number is none, with its sign. */
const FORMULA = /^[=+\-@\t\r]/;

/**
 * RFC 4180: CRLF, quotes doubled, header first. Null is an empty field, the empty string `""`. An escaped formula has an
 * apostrophe before it (OWASP, "CSV injection").
 */
export function csvText({ columns, rows }: Rows, formulas: Formulas = 'escaped'): string {
  const lines = [columns, ...rows].map((row) => row.map((value) => csvField(value, formulas)).join(','));
  return lines.map((line) => `${line}\r\n`).join('');
}

function csvField(value: CellValue, formulas: Formulas): string {
  if (value === null) return '';
  const plain = String(plainValue(value));
  const isFormula = formulas === 'escaped' && typeof value === 'string' && FORMULA.test(plain);
  const text = isFormula ? `'${plain}` : plain;
  return text === '' || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
