/** Whether a results file is whole. Damaged pages can give other numbers without any error of SQLite's. */
import { statSync } from 'node:fs';
import { InputError } from '../../core/errors.ts';
import type { Database } from '../sqlite-driver.ts';
import { damagedJson } from './stored-json.ts';

/**
 * The full check takes 0.1 s for 20 MB and 1.1 to 1.6 s for 500 MB, the quick one 0.7 s (two cores, file in memory): a sweep
 * checks all before it uses anything again, a reader up to this size.
 */
const MAX_FULLY_READ_BYTES = 100e6;

/**
 * Checks stored JSON, pages, order of keys and indexes; for a writer constraints, too.
 * @throws InputError `bad-results` with the first damage; SQLite's error where it can read nothing at all
 */
export function requireIntact(database: Database, path: string, use: 'to-write' | 'to-read'): void {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  const isFull = use === 'to-write' || size <= MAX_FULLY_READ_BYTES;
  // First: a reader's check of pages passes it over, and a writer's stops at it.
  if (isFull) throwDamagedJson(database, 'text that is none');
  const found = String(database.value(`PRAGMA ${isFull ? 'integrity_check' : 'quick_check'}(1)`));
  if (found === 'ok') return;
  throw new InputError({
    code: 'bad-results',
    where: path,
    expected: 'a results file without damage',
    found,
    fix: 'Restore a copy, or move the file away and run the sweep again.',
  });
}

/** SQLite's error about JSON names no place: the first stored JSON that is none, in its place; else the error itself. */
export function withPlaceOfJson(database: Database, error: unknown): unknown {
  const message = error instanceof Error ? error.message : '';
  if (!/malformed JSON/.test(message)) return error;
  try {
    throwDamagedJson(database, message, error);
  } catch (damage) {
    return damage;
  }
  return error;
}

/** @throws InputError for the first stored JSON that is none */
function throwDamagedJson(database: Database, found: string, cause?: unknown): void {
  for (const { table, column } of jsonColumns(database)) {
    const key = keyOf(database, table);
    const [row] = database.values(`SELECT ${key} FROM ${table} WHERE NOT json_valid(${column}) LIMIT 1`);
    if (row !== undefined) throw damagedJson({ table, column, key: String(row) }, found, cause);
  }
}

function jsonColumns(database: Database): { table: string; column: string }[] {
  return database.all(
    `SELECT t.name AS "table", c.name AS "column" FROM sqlite_schema t, pragma_table_info(t.name) c
     WHERE t.type = 'table' AND (c.name LIKE '%\\_json' ESCAPE '\\' OR c.name = 'token_ids')`,
  );
}

/** The first column of the primary key. */
function keyOf(database: Database, table: string): string {
  return String(
    database.value('SELECT name FROM pragma_table_info(@table) WHERE pk = 1', { table }) ?? 'rowid',
  );
}
