/** CSV as spreadsheets and scripts write it (RFC 4180), and comment lines that start with `#`. */

/** One record with the line it starts on, from 1. */
export interface CsvRecord {
  readonly line: number;
  readonly fields: readonly string[];
}

/** One field with what ends it. Quoted: doubled quotes inside, line breaks too. */
const FIELD = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|\r|$)/y;

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
  FIELD.lastIndex = start;
  for (;;) {
    const match = FIELD.exec(text);
    if (match === null) return undefined;
    const [, quoted, plain, end] = match;
    fields.push(quoted === undefined ? plain!.trim() : quoted.replaceAll('""', '"'));
    if (end !== ',') return { fields, end: FIELD.lastIndex };
  }
}

function lineBreaks(text: string): number {
  return text.match(/\r?\n|\r/g)?.length ?? 0;
}
