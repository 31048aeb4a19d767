import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson, type JsonValue } from '../../src/core/json.ts';
import { parseCsv } from '../../src/data/csv.ts';
import { parseJson } from '../../src/data/json-file.ts';
import { scanJson } from '../../src/data/scan-json.ts';
import { csvText } from '../../src/terminal/csv-text.ts';
import { jsonText } from '../../src/terminal/result-table.ts';
import { check } from './check.ts';

const jsonValue = fc.jsonValue({ stringUnit: 'binary' }) as fc.Arbitrary<JsonValue>;
const parsed = (text: string): unknown => parseJson(text, 'drawn', 'none');

/** The same value with the keys of all its objects in the opposite order. */
function reversed(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value as Record<string, JsonValue>).reverse();
  return Object.fromEntries(entries.map(([key, part]) => [key, reversed(part)]));
}

describe('canonical JSON', () => {
  it('reads back as the value, as plain JSON does', () => {
    check(jsonValue, (value) =>
      expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value))),
    );
  });

  it('is the same for every order of keys, and for what JSON.parse makes of it', () => {
    check(jsonValue, (value) => {
      const text = canonicalJson(value);
      expect(canonicalJson(reversed(value))).toBe(text);
      expect(canonicalJson(JSON.parse(text))).toBe(text);
    });
  });

  it('leaves out keys of undefined', () => {
    check(fc.tuple(fc.dictionary(fc.string(), jsonValue), fc.string()), ([object, key]) => {
      const { [key]: _, ...without } = object;
      expect(canonicalJson({ ...object, [key]: undefined })).toBe(canonicalJson(without));
    });
  });
});

describe('JSON that is read', () => {
  it('is what was written, however it is laid out', () => {
    check(fc.tuple(jsonValue, fc.constantFrom(undefined, 1, '\t')), ([value, indent]) => {
      const text = JSON.stringify(value, null, indent);
      expect(parsed(text)).toEqual(JSON.parse(text));
      expect(scanJson(text)).toEqual({ isTooDeep: false, repeatedKey: undefined });
    });
  });

  it('is refused where an object has a key twice, wherever it stands', () => {
    check(fc.tuple(fc.dictionary(fc.string(), jsonValue, { minKeys: 1 }), fc.nat(3)), ([object, depth]) => {
      const [key] = Object.keys(object);
      const twice = `${JSON.stringify(object).slice(0, -1)},${JSON.stringify(key)}:0}`;
      const text = '[{"a":'.repeat(depth) + twice + '}]'.repeat(depth);
      expect(scanJson(text).repeatedKey).toBe(key);
      expect(() => parsed(text)).toThrow();
    });
  });
});

/** Our own reader takes white space from the ends of a field without quotes, and a line that starts with `#` for a comment. */
const isReadAsWritten = (text: string) => text === text.trim() && !text.startsWith('#');

/** Characters that CSV treats in a special way, among others. */
const character = fc.oneof(
  fc.constantFrom('"', ',', '\n', '\r', '\r\n', '#', ' ', '\t', '\u00a0', 'a', 'é', '🙂'),
  fc.string({ minLength: 1, maxLength: 1 }),
);
const field = fc.string({ unit: character }).filter(isReadAsWritten);

/** A header and rows, all of the same length. */
const table = fc
  .integer({ min: 2, max: 4 })
  .map((width) => fc.array(field, { minLength: width, maxLength: width }))
  .chain((row) => fc.record({ columns: row, rows: fc.array(row, { minLength: 1, maxLength: 4 }) }));

describe('rows that are printed', () => {
  it('as CSV are read back field by field', () => {
    check(table, ({ columns, rows }) => {
      expect(parseCsv(csvText({ columns, rows }, 'kept'))?.map(({ fields }) => fields)).toEqual([
        columns,
        ...rows,
      ]);
    });
  });

  it('as JSON are read back as objects', () => {
    const value = fc.oneof(
      fc.constant(null),
      fc.string(),
      fc.boolean(),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
    );
    check(fc.array(fc.tuple(value, value)), (rows) => {
      const objects = rows.map(([a, b]) => ({ a, b }));
      expect(JSON.parse(jsonText({ columns: ['a', 'b'], rows }))).toEqual(
        JSON.parse(JSON.stringify(objects)),
      );
    });
  });
});
