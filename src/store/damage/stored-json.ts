/** JSON that a column of the results file holds: what a damaged file has there is no JSON, or another kind of value. */
import { InputError } from '../../core/errors.ts';

export interface JsonPlace {
  readonly table: string;
  readonly column: string;
  /** Of the row. */
  readonly key: string;
}

/**
 * The value of a column.
 * @param isExpected whether it is of the kind that is written there
 * @throws InputError `bad-results` that names table, column and key
 */
export function parseStoredJson<Value>(
  text: string,
  place: JsonPlace,
  isExpected: (value: unknown) => value is Value,
): Value {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw damagedJson(place, (cause as Error).message.slice(0, 100), cause);
  }
  if (isExpected(value)) return value;
  throw damagedJson(place, text.slice(0, 60));
}

export function damagedJson({ table, column, key }: JsonPlace, found: string, cause?: unknown): InputError {
  return new InputError({
    code: 'bad-results',
    where: `results file, table ${table}, column ${column}, key ${key}`,
    expected: 'the JSON that sorted-eval wrote there',
    found,
    fix: 'The file is damaged: restore a copy, or move it away and run the sweep again.',
    cause,
  });
}

export function isObject(value: unknown): value is Readonly<Record<string, never>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isIntegers(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((item) => Number.isInteger(item));
}

export function isStrings(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
