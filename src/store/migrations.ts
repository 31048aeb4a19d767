/**
 * Numbered steps from one schema to the next; `PRAGMA user_version` of a file is the last step it has. A step
 * that was released never changes: a new table, column or view text is a new step. Views hold no data, so
 * every step makes all of them anew.
 */
import { APPLICATION_ID } from './file-errors.ts';
import { moveSingleTimings } from './fill/single-timings.ts';
import { noticeThoughts } from './fill/stored-thoughts.ts';
import { createTables, replaceTable } from './schema/table-type.ts';
import { CHANGED_4, CHANGED_5, TABLES_1, TABLES_2, TABLES_4 } from './schema/tables.ts';
import type { Database } from './sqlite-driver.ts';
import { measureStoredTexts } from './tables/text-quality-table.ts';
import { VIEW_STATEMENTS } from './views/views.ts';

export interface Migration {
  readonly version: number;
  readonly sql: string;
  /** After `sql`: what SQL cannot compute from the rows that are there. */
  readonly fill?: (database: Database) => void;
}

export const MIGRATIONS: readonly Migration[] = [
  { version: 1, sql: createTables(TABLES_1) },
  { version: 2, sql: createTables(TABLES_2), fill: measureStoredTexts },
  // Views alone: their rules come from `views/rules.ts`, their columns and rows are those of version 2.
  { version: 3, sql: '' },
  {
    version: 4,
    sql: [...CHANGED_4.map(replaceTable), createTables(TABLES_4)].join('\n'),
    fill: (database) => {
      moveSingleTimings(database);
      noticeThoughts(database);
    },
  },
  // Besides: views on exits beside full depth, on speeds beside it, and by category.
  { version: 5, sql: CHANGED_5.map(replaceTable).join('\n') },
];

/**
 * Brings a database to the last of `migrations`, all steps in one transaction. Leaves foreign keys off: a
 * step may rebuild a table that others refer to.
 */
export function migrate(
  database: Database,
  migrations: readonly Migration[] = MIGRATIONS,
  views: readonly string[] = VIEW_STATEMENTS,
): void {
  database.execute('PRAGMA foreign_keys = OFF');
  database.transaction(() => applyPending(database, migrations, views));
}

function applyPending(database: Database, migrations: readonly Migration[], views: readonly string[]): void {
  // Inside the transaction: another process may have migrated since the file was opened.
  const version = Number(database.value('PRAGMA user_version'));
  const pending = migrations.filter((migration) => migration.version > version);
  if (pending.length === 0) return;
  dropViews(database);
  for (const { sql, fill } of pending) {
    database.execute(sql);
    fill?.(database);
  }
  for (const sql of views) database.execute(sql);
  requireNothingDangling(database);
  database.execute(`PRAGMA application_id = ${APPLICATION_ID}`);
  database.execute(`PRAGMA user_version = ${pending.at(-1)!.version}`);
}

function dropViews(database: Database): void {
  const names = database.values("SELECT name FROM sqlite_schema WHERE type = 'view'");
  for (const name of names) database.execute(`DROP VIEW "${name}"`);
}

function requireNothingDangling(database: Database): void {
  const dangling = database.all('PRAGMA foreign_key_check');
  if (dangling.length > 0)
    throw new Error(`the migration left ${dangling.length} rows that refer to nothing`);
}
