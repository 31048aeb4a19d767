/** One results file is one {@link Store}: everything else in this folder is plain functions over it. */
import { closeSync, existsSync, mkdirSync, openSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { InputError } from '../core/errors.ts';
import { requireIntact, withPlaceOfJson } from './damage/integrity.ts';
import { requireOwnSchema, withStoredSchema } from './damage/stored-schema.ts';
import { cannotMakeFolder, withStoreErrors } from './file-errors.ts';
import { fileInPlace } from './file-in-place.ts';
import { migrate } from './migrations.ts';
import { closeOnError, openForReading, readOnly, requireReadable } from './open-for-reading.ts';
import type { QueryResult, SqlParameters } from './query-result.ts';
import { SCHEMA_VERSION } from './schema/schema-version.ts';
import { type Database, openDatabase, openMemory } from './sqlite-driver.ts';
import { withWalWhileWriting } from './wal-mode.ts';

/** An open results file. Parameters are named (`@run`); statements are prepared once and kept. */
export interface Store {
  readonly path: string;
  all<Row>(sql: string, parameters?: SqlParameters): Row[];
  get<Row>(sql: string, parameters?: SqlParameters): Row | undefined;
  run(sql: string, parameters?: SqlParameters): void;
  /** One reading statement as columns and rows. Throws RangeError when `sql` is not one, or would write. */
  select(sql: string): QueryResult;
  /** Everything in `work` or nothing. Transactions nest. `work` must be synchronous. */
  transaction<T>(work: () => T): T;
  /** Another number after another process has written. */
  version(): number;
  /** A results file of what is stored at this moment, the log included. */
  image(): Uint8Array;
  close(): void;
}

/** The reading half of a store, which the results page has too: there on SQLite in the browser. */
export type Reader = Pick<Store, 'all' | 'get'>;

/**
 * Opens a results file for reading and writing; makes it, and its folder, where it does not exist.
 * @throws InputError `not-writable`, `bad-results` (another kind of file, or damaged), `newer-version`
 */
export function openStore(path: string): Store {
  requireFileOrNothing(path);
  makeFolder(path);
  if (existsSync(path)) requireWritable(path);
  return withStoreErrors(path, 'not-writable', () =>
    closeOnError(openDatabase(path, 'create'), (database) => {
      // Before the first write: a file that is not ours must not be touched.
      requireReadable(database, path, 'fresh-allowed');
      requireIntact(database, path, 'to-write');
      withStoredSchema(path, () => migrate(database));
      requireOwnSchema(database, path);
      database.execute('PRAGMA foreign_keys = ON');
      return withWalWhileWriting(database, storeOf(database, path, 'not-writable', fileInPlace(path)));
    }),
  );
}

/**
 * Opens a results file for reading, also while a sweep writes to it.
 * @param options `isIntact`: this process has checked the file already
 * @throws InputError `not-found`, `not-readable`, `bad-results`, `newer-version`
 */
export function openReadOnlyStore(path: string, { isIntact = false } = {}): Store {
  requireResultsFile(path);
  return withStoreErrors(path, 'not-readable', () =>
    closeOnError(openForReading(path), (database) => {
      requireReadable(database, path, 'fresh-refused');
      if (!isIntact) requireIntact(database, path, 'to-read');
      const newest = withNewestSchema(database, path);
      requireOwnSchema(newest, path);
      return storeOf(newest, path, 'not-readable');
    }),
  );
}

/** @throws InputError `not-found` where nothing is, `bad-results` for what is no file */
export function requireResultsFile(path: string): void {
  requireFileOrNothing(path);
  if (existsSync(path)) return;
  const fix = 'Give the path of a results.db, or run `sorted-eval sweep` first.';
  throw new InputError({ code: 'not-found', where: path, expected: 'a results file', found: 'nothing', fix });
}

function requireFileOrNothing(path: string): void {
  if (!existsSync(path)) return;
  const stats = statSync(path);
  if (stats.isFile()) return;
  const fix = 'Name a file, such as results.db.';
  // SQLite would wait for a pipe.
  const found = stats.isDirectory() ? 'a folder' : 'something other than a file';
  throw new InputError({ code: 'bad-results', where: path, expected: 'a file', found, fix });
}

function makeFolder(path: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
  } catch (error) {
    throw cannotMakeFolder(path, error);
  }
}

/** SQLite would find out at the first write. */
function requireWritable(path: string): void {
  try {
    closeSync(openSync(path, 'r+'));
  } catch (cause) {
    throw new InputError({
      code: 'not-writable',
      where: path,
      expected: 'a results file that may be written to',
      found: String((cause as NodeJS.ErrnoException).code),
      fix: 'Check the permissions of the file, or name another output folder.',
      cause,
    });
  }
}

/**
 * An older file lacks tables and views of this version: it stays as it is, and a copy in memory gets them.
 */
function withNewestSchema(database: Database, path: string): Database {
  if (database.value('PRAGMA user_version') === SCHEMA_VERSION) return database;
  const copy = openMemory(database.image());
  database.close();
  withStoredSchema(path, () => migrate(copy));
  return readOnly(copy);
}

/**
 * The database with SQLite's errors about the file as InputError.
 * @param requireFile throws when the file is not in its place; called before every transaction
 */
function storeOf(
  database: Database,
  path: string,
  refused: 'not-writable' | 'not-readable',
  requireFile = () => {},
): Store {
  const guarded = <T>(work: () => T): T =>
    withStoreErrors(path, refused, () => {
      try {
        return work();
      } catch (error) {
        throw withPlaceOfJson(database, error);
      }
    });
  return {
    path,
    all: <Row>(sql: string, parameters?: SqlParameters) => guarded(() => database.all<Row>(sql, parameters)),
    get: <Row>(sql: string, parameters?: SqlParameters) => guarded(() => database.get<Row>(sql, parameters)),
    run: (sql, parameters) => guarded(() => database.run(sql, parameters)),
    select: (sql) => guarded(() => database.select(sql)),
    transaction: <T>(work: () => T) =>
      guarded(() => {
        requireFile();
        return database.transaction(work);
      }),
    version: () => guarded(() => Number(database.value('PRAGMA data_version'))),
    image: () => guarded(() => database.image()),
    close: () => database.close(),
  };
}
