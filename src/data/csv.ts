/** CSV as spreadsheets and scripts write it (RFC 4180), and comment lines that start with `#`. */

/** One record with the line it starts on, from 1. */
export interface CsvRecord {
  readonly line: number;
  readonly fields: readonly string[];
}

const PLAIN = /[^",\r\n]*/y;
const SEPARATOR = /,|\r?\n|\r|$/y;

/**
 * The records of a text, header included; empty lines and comment lines are left out. Undefined where a quote does not
 * close, or text stands beside one.
 */
export function parseCsv(text: string): CsvRecord[] | undefined {
  const records: CsvRecord[] = [];
  let line = 1;
  for (let start = 0; start < text.length; ) {
    const record = isComment(text, start) ? skipLine(text, start) : readRecord(text, start);
    if (record === undefined) return undefined;
    const { fields, end } = record;
    if (fields.length > 1 || (fields[0] ?? '') !== '') records.push({ line, fields });
    line += lineBreaks(text.slice(start, end));
    start = end;
  }
  return records;
}

interface Read {
  readonly fields: readonly string[];
  /** Offset behind the line break. */
  readonly end: number;
}

function isComment(text: string, start: number): boolean {
  return text[start] === '#';
}

function skipLine(text: string, start: number): Read {
  const lineBreak = text.indexOf('\n', start);
  return { fields: [], end: lineBreak === -1 ? text.length : lineBreak + 1 };
}

function readRecord(text: string, start: number): Read | undefined {
  const fields: string[] = [];
  for (let next = start; ; ) {
    const end = text[next] === '"' ? closingQuote(text, next) : endOf(PLAIN, text, next);
    const afterwards = end === undefined ? undefined : endOf(SEPARATOR, text, end);
    if (afterwards === undefined) return undefined;
    fields.push(fieldText(text.slice(next, end)));
    if (text[end!] !== ',') return { fields, end: afterwards };
    next = afterwards;
  }
}

/** Offset behind the quote that closes the one at `start`. Found step by step: a pattern would overflow the stack. */
function closingQuote(text: string, start: number): number | undefined {
  let end = text.indexOf('"', start + 1);
  while (end !== -1 && text[end + 1] === '"') end = text.indexOf('"', end + 2);
  return end === -1 ? undefined : end + 1;
}

function endOf(pattern: RegExp, text: string, start: number): number | undefined {
  pattern.lastIndex = start;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}

/** A quoted field keeps its spaces. */
function fieldText(field: string): string {
  return field.startsWith('"') ? field.slice(1, -1).replaceAll('""', '"') : field.trim();
}

function lineBreaks(text: string): number {
  return text.match(/\r?\n|\r/g)?.length ?? 0;
}
