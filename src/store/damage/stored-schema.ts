/**
 * Views and columns of a results file are texts in it like any other: a changed letter gives an error of SQL or, worse, other
 * numbers, and SQLite's own checks do not see it.
 */
import { InputError } from '../../core/errors.ts';
import { TABLES } from '../schema/tables.ts';
import type { Database } from '../sqlite-driver.ts';
import { VIEW_STATEMENTS } from '../views/views.ts';

/**
 * Of a file of the newest schema. What others put into the file is left alone.
 * @throws InputError `bad-results` with the first table or view that is not this version's
 */
export function requireOwnSchema(database: Database, path: string): void {
  const stored = new Set(database.values("SELECT sql FROM sqlite_schema WHERE type = 'view'"));
  const view = VIEW_STATEMENTS.find((sql) => !stored.has(sql));
  if (view !== undefined)
    throw otherSchema(path, `another ${view.split(' ', 3).slice(1).join(' ').toLowerCase()}`);
  const table = TABLES.find(({ name, columns }) => !hasColumns(database, name, Object.keys(columns)));
  if (table !== undefined) throw otherSchema(path, `other columns in table ${table.name}`);
}

/** Runs a migration; an error of SQL in it means that the file's tables are not those of its version. @throws InputError `bad-results` */
export function withStoredSchema(path: string, migrate: () => void): void {
  try {
    migrate();
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'SQLITE_ERROR') throw error;
    throw otherSchema(path, (error as Error).message, error);
  }
}

function hasColumns(database: Database, table: string, columns: readonly string[]): boolean {
  const stored = database.values('SELECT name FROM pragma_table_info(@table)', { table });
  return stored.length === columns.length && columns.every((column) => stored.includes(column));
}

function otherSchema(path: string, found: string, cause?: unknown): InputError {
  return new InputError({
    code: 'bad-results',
    where: path,
    expected: 'the tables and views of a results file',
    found,
    fix: 'Restore a copy, or move the file away and run the sweep again.',
    cause,
  });
}
