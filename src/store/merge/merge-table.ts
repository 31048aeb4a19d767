import type { Store } from '../database.ts';
import type { Table } from '../schema/table-type.ts';
import { comparedColumns, differs } from './compared-columns.ts';

/** A row that both files have, with different contents. */
export interface MergeConflict {
  readonly table: string;
  /** Its key, as JSON. */
  readonly key: string;
  readonly columns: readonly string[];
}

/** Adds the rows of an attached file, which has the same tables, as `from` selects them; those that are there stay. */
export function addRows(store: Store, { name, columns }: Table, from: string): void {
  const list = Object.keys(columns).join(', ');
  store.run(
    `INSERT INTO main.${name} (${list}) SELECT ${list} FROM (${from}) WHERE true ON CONFLICT DO NOTHING`,
  );
}

/** Rows that both have and that differ in what they must agree on. */
export function conflictsIn(store: Store, table: Table, from: string): MergeConflict[] {
  const keys = keysOf(store, table.name);
  const compared = comparedColumns(table, keys);
  if (compared.length === 0) return [];
  const differences = compared.map((column) => differs(table, column));
  const flags = compared.map((column, index) => `${differences[index]} AS "${column}"`);
  const join = keys.map((key) => `own.${key} = other.${key}`).join(' AND ');
  const sql = `SELECT json_array(${keys.map((key) => `own.${key}`).join(', ')}) AS "key of row", ${flags.join(', ')}
    FROM main.${table.name} own JOIN (${from}) other ON ${join} WHERE ${differences.join(' OR ')}`;
  return store.all<Record<string, unknown>>(sql).map(({ 'key of row': key, ...row }) => ({
    table: table.name,
    key: String(key),
    columns: compared.filter((column) => row[column] === 1),
  }));
}

function keysOf(store: Store, table: string): string[] {
  const sql = 'SELECT name FROM pragma_table_info(@table) WHERE pk > 0 ORDER BY pk';
  return store.all<{ name: string }>(sql, { table }).map(({ name }) => name);
}
