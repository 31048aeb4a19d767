/** A results file as SQLite opens it, before anything of it is used. */

import { requireKnownVersion, requireOwnFile } from './file-errors.ts';
import { openCopy, wouldWriteBeside } from './read-only-copy.ts';
import { SCHEMA_VERSION } from './schema/schema-version.ts';
import { type Database, openDatabase } from './sqlite-driver.ts';

/** @throws InputError `bad-results` for a file that is not ours, `newer-version` */
export function requireReadable(
  database: Database,
  path: string,
  fresh: 'fresh-allowed' | 'fresh-refused',
): void {
  const objects = database.value('SELECT count(*) FROM sqlite_schema');
  const applicationId = Number(database.value('PRAGMA application_id'));
  const version = Number(database.value('PRAGMA user_version'));
  if (fresh === 'fresh-allowed' && objects === 0 && applicationId === 0 && version === 0) return;
  requireOwnFile(path, applicationId);
  requireKnownVersion(path, version, SCHEMA_VERSION);
}

/**
 * Reading never writes: where SQLite would put the shared memory of WAL mode beside the file, or cannot because the folder is
 * read-only, a copy in memory has the same rows.
 */
export function openForReading(path: string): Database {
  if (wouldWriteBeside(path)) return readOnly(openCopy(path));
  const database = openDatabase(path, 'read');
  try {
    database.value('SELECT count(*) FROM sqlite_schema');
    return database;
  } catch (error) {
    database.close();
    const { code = '' } = error as { code?: string };
    // Which of them it is depends on the permissions and on what lies there.
    if (!/^SQLITE_(CANTOPEN|READONLY)/.test(code)) throw error;
    return readOnly(openCopy(path));
  }
}

export function readOnly(database: Database): Database {
  database.execute('PRAGMA query_only = ON');
  return database;
}

export function closeOnError<T>(database: Database, use: (database: Database) => T): T {
  try {
    return use(database);
  } catch (error) {
    database.close();
    throw error;
  }
}
