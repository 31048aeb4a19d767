/** Applies what the sweep file says about the keys of a file: which are left out, and what others hold. */

import { InputError } from '../../core/errors.ts';
import { type Fields, type ObjectRecord, without } from './record-format.ts';
import { COLUMN_KEYS, type Column, type RecordOptions } from './record-options.ts';

type KeyOptions = Pick<RecordOptions, 'ignoreKeys' | 'columns'>;

/**
 * The records with keys that formats know.
 * @throws InputError `bad-instructions` for a key that no record has, or one that stands in the place of another
 */
export function withKnownKeys(records: readonly ObjectRecord[], options: KeyOptions): ObjectRecord[] {
  return withColumns(withoutIgnored(records, options.ignoreKeys), options.columns);
}

/** In instances and messages, too. */
function withoutIgnored(records: readonly ObjectRecord[], keys: readonly string[]): readonly ObjectRecord[] {
  if (keys.length === 0) return records;
  const found = new Set<string>();
  const dropIgnored = (key: string, inner: unknown) => {
    if (!keys.includes(key)) return inner;
    found.add(key);
    return undefined;
  };
  const kept = records.map(({ where, value }) => ({
    where,
    value: JSON.parse(JSON.stringify(value, dropIgnored)) as Fields,
  }));
  const missing = keys.find((key) => !found.has(key));
  if (missing !== undefined) throw inNone(records[0]!, missing, 'ignoreKeys');
  return kept;
}

function withColumns(records: readonly ObjectRecord[], columns: RecordOptions['columns']): ObjectRecord[] {
  const named = Object.entries(columns).filter(([, key]) => key !== undefined) as [Column, string][];
  for (const [column, key] of named)
    if (!records.some(({ value }) => key in value)) throw inNone(records[0]!, key, `columns.${column}`);
  const rename =
    (where: string) =>
    (fields: Fields, [column, key]: [Column, string]) =>
      renamed(fields, key, COLUMN_KEYS[column], where);
  return records.map(({ where, value }) => ({ where, value: named.reduce(rename(where), value) }));
}

function renamed(fields: Fields, from: string, to: string, where: string): Fields {
  if (from === to || !(from in fields)) return fields;
  if (to in fields) throw taken(where, from, to);
  return { ...without(fields, [from]), [to]: fields[from] };
}

function inNone({ where }: ObjectRecord, key: string, option: string): InputError {
  return new InputError({
    code: 'bad-instructions',
    where,
    expected: `the key ${JSON.stringify(key)} in some record`,
    found: 'it in none',
    fix: `Correct \`records.${option}\` in the sweep file.`,
  });
}

function taken(where: string, from: string, to: string): InputError {
  return new InputError({
    code: 'bad-instructions',
    where: `${where}.${to}`,
    expected: `no ${JSON.stringify(to)} beside ${JSON.stringify(from)}, which \`records.columns\` puts in its place`,
    found: 'both',
    fix: `Leave ${JSON.stringify(to)} out with \`records: { ignoreKeys: [${to}] }\`.`,
  });
}
