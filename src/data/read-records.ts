/** Reads files of records, a JSON array or JSON Lines, and words what is wrong with them. */

import type { z } from 'zod';
import { InputError, type InputErrorCode } from '../core/errors.ts';
import { parseJson, readText } from './json-file.ts';
import { checkValue } from './schema/check-value.ts';

const FIX = 'Check the path, and that the file is whole: a JSON array, or one JSON object a line.';

/** One record of a file, not yet checked. */
export interface RawRecord {
  readonly value: unknown;
  /** File and place in it, as a path: `set.json: [5]` counts from 0, `set.jsonl: line 6` from 1. */
  readonly where: string;
}

/** Codes and words that differ between the kinds of files. */
export interface RecordKind {
  /** Code of the errors that lie in a record. */
  readonly code: InputErrorCode;
  /** What one record is, for people: `an instruction record {"instruction": …}`. */
  readonly record: string;
}

/**
 * The records of a JSON array or of a JSON Lines file; which of the two is told by the first character, not by the
 * file's name.
 *
 * @throws InputError `not-found`, `not-readable`, `not-json`, `empty`, or the kind's own code where the JSON is neither
 * an array nor lines of objects.
 */
export function readRecords(path: string, kind: RecordKind): RawRecord[] {
  const text = readText(path, FIX);
  const records = text.trimStart().startsWith('[') ? arrayRecords(path, text) : lineRecords(path, text, kind);
  if (records.length > 0) return records;
  throw new InputError({
    code: 'empty',
    where: path,
    expected: 'at least one record',
    found: 'none',
    fix: 'Name a file that holds records.',
  });
}

/**
 * The value that `schema` makes of a record.
 *
 * @throws InputError with the kind's code, the place of the record and the first key that is wrong.
 */
export function checkRecord<T>(schema: z.ZodType<T>, record: RawRecord, kind: RecordKind): T {
  const checked = checkValue(schema, record.value, describeValue);
  if (checked.problem === undefined) return checked.data;
  const { path, expected, found, hint } = checked.problem;
  const fix = `Each record must be ${kind.record}.`;
  throw new InputError({
    code: kind.code,
    where: record.where + path.map((key) => `.${String(key)}`).join(''),
    expected: path.length > 0 ? expected : kind.record,
    found,
    fix: hint === '' ? fix : `${hint} ${fix}`,
  });
}

/** A value for an error message: its type and a little of it, never a whole file. */
export function describeValue(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60).toWellFormed()}…` : text;
}

function arrayRecords(path: string, text: string): RawRecord[] {
  const values = parseJson(text, path, FIX) as unknown[];
  return values.map((value, index) => ({ value, where: `${path}: [${index}]` }));
}

function lineRecords(path: string, text: string, kind: RecordKind): RawRecord[] {
  const records: RawRecord[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const where = `${path}: line ${index + 1}`;
    // A whole file that is one object over many lines would otherwise be reported as a cut JSON line.
    if (line.trim() === '{') throw notRecords(path, kind);
    records.push({ value: parseJson(line, where, FIX), where });
  }
  return records;
}

function notRecords(path: string, kind: RecordKind): InputError {
  return new InputError({
    code: kind.code,
    where: path,
    expected: 'a JSON array, or one JSON object a line',
    found: 'one JSON object over many lines',
    fix: `Put the records into an array; each must be ${kind.record}.`,
  });
}
