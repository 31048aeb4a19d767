/**
 * Numbered steps from one schema to the next; `PRAGMA user_version` of a file is the last step it has. A step that was
 * released never changes: a new table, column or view text is a new step. Views hold no data, so every step makes all of
 * them anew.
 */
import { APPLICATION_ID } from './file-errors.js';
import { createTables } from './schema/table-type.js';
import { TABLES_1, TABLES_2 } from './schema/tables.js';
import { measureStoredTexts } from './tables/text-quality-table.js';
import { VIEW_STATEMENTS } from './views/views.js';
export const MIGRATIONS = [
    { version: 1, sql: createTables(TABLES_1) },
    { version: 2, sql: createTables(TABLES_2), fill: measureStoredTexts },
    // Views alone: their rules come from `views/rules.ts`, their columns and rows are those of version 2.
    { version: 3, sql: '' },
];
/**
 * Brings a database to the last of `migrations`, all steps in one transaction. Leaves foreign keys off: a step may rebuild
 * a table that others refer to.
 */
export function migrate(database, migrations = MIGRATIONS, views = VIEW_STATEMENTS) {
    database.execute('PRAGMA foreign_keys = OFF');
    database.transaction(() => applyPending(database, migrations, views));
}
function applyPending(database, migrations, views) {
    // Inside the transaction: another process may have migrated since the file was opened.
    const version = Number(database.value('PRAGMA user_version'));
    const pending = migrations.filter((migration) => migration.version > version);
    if (pending.length === 0)
        return;
    dropViews(database);
    for (const { sql, fill } of pending) {
        database.execute(sql);
        fill?.(database);
    }
    for (const sql of views)
        database.execute(sql);
    requireNothingDangling(database);
    database.execute(`PRAGMA application_id = ${APPLICATION_ID}`);
    database.execute(`PRAGMA user_version = ${pending.at(-1).version}`);
}
function dropViews(database) {
    const names = database.values("SELECT name FROM sqlite_schema WHERE type = 'view'");
    for (const name of names)
        database.execute(`DROP VIEW "${name}"`);
}
function requireNothingDangling(database) {
    const dangling = database.all('PRAGMA foreign_key_check');
    if (dangling.length > 0)
        throw new Error(`the migration left ${dangling.length} rows that refer to nothing`);
}
