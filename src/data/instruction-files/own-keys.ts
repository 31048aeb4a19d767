/** Applies what the sweep file says about the keys of a file: which are left out, and what others hold. */

import { InputError } from '../../core/errors.ts';
import type { ObjectRecord } from './record-format.ts';
import { without } from './record-format.ts';
import { COLUMN_KEYS, type Column, type RecordOptions } from './record-options.ts';

type KeyOptions = Pick<RecordOptions, 'ignoreKeys' | 'columns'>;

/**
 * The records with keys that formats know.
 * @throws InputError `bad-instructions` for a key that no record has, or one that stands in the place of another
 */
export function withKnownKeys(records: readonly ObjectRecord[], options: KeyOptions): ObjectRecord[] {
  const columns = Object.entries(options.columns).filter(([, key]) => key !== undefined) as [
    Column,
    string,
  ][];
  for (const key of options.ignoreKeys) requireKey(records, key, 'ignoreKeys');
  for (const [column, key] of columns) requireKey(records, key, `columns.${column}`);
  return records.map(({ where, value }) => {
    let fields = without(value, options.ignoreKeys);
    for (const [column, key] of columns) fields = renamed(fields, key, COLUMN_KEYS[column], where);
    return { where, value: fields };
  });
}

function renamed(
  fields: ObjectRecord['value'],
  from: string,
  to: string,
  where: string,
): ObjectRecord['value'] {
  if (from === to || !(from in fields)) return fields;
  if (to in fields) throw taken(where, from, to);
  return { ...without(fields, [from]), [to]: fields[from] };
}

function requireKey(records: readonly ObjectRecord[], key: string, option: string): void {
  if (records.some(({ value }) => key in value)) return;
  throw new InputError({
    code: 'bad-instructions',
    where: records[0]!.where,
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
