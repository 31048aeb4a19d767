/**
 * The only file that knows better-sqlite3. One results file is one {@link Store}: everything else in this folder is plain
 * functions over it.
 */
import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { InputError } from '../core/errors.ts';
import { cannotMakeFolder, requireKnownVersion, requireOwnFile, withStoreErrors } from './file-errors.ts';
import { migrate, SCHEMA_VERSION } from './migrations.ts';
import { distinctNames } from './tables/distinct-names.ts';

export type Database = BetterSqlite3.Database;
/** What SQLite gives back. Blobs are Uint8Array. */
export type SqlValue = string | number | bigint | null | Uint8Array;
type Params = Readonly<Record<string, string | number | null>>;

export interface QueryResult {
  /** Distinct names: a second column of the same name gets `_2`. */
  readonly columns: readonly string[];
  readonly rows: readonly (readonly SqlValue[])[];
}

/** An open results file. Parameters are named (`@run`); statements are prepared once and kept. */
export interface Store {
  readonly path: string;
  all<Row>(sql: string, params?: Params): Row[];
  get<Row>(sql: string, params?: Params): Row | undefined;
  run(sql: string, params?: Params): void;
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

/** How long a statement waits for another process that writes. */
const BUSY_TIMEOUT_MS = 10_000;

/**
 * Opens a results file for reading and writing; makes it, and its folder, where it does not exist.
 * Throws InputError: `not-writable`, `bad-results` (another kind of file, or damaged), `newer-version`.
 */
export function openStore(path: string): Store {
  requireNoFolder(path);
  makeFolder(path);
  return withStoreErrors(path, 'not-writable', () =>
    closeOnError(new BetterSqlite3(path, { timeout: BUSY_TIMEOUT_MS }), (database) => {
      // Before the first write: a file that is not ours must not be touched.
      requireReadable(database, path, 'fresh-allowed');
      database.pragma('journal_mode = WAL');
      database.pragma('synchronous = NORMAL');
      migrate(database);
      database.pragma('foreign_keys = ON');
      return storeOf(database, path, 'not-writable');
    }),
  );
}

/**
 * Opens a results file for reading, also while a sweep writes to it.
 * Throws InputError: `not-found`, `not-readable`, `bad-results`, `newer-version`.
 */
export function openReadOnlyStore(path: string): Store {
  if (!existsSync(path)) {
    const fix = 'Give the path of a results.db, or run `sorted-eval sweep` first.';
    throw new InputError({
      code: 'not-found',
      where: path,
      expected: 'a results file',
      found: 'nothing',
      fix,
    });
  }
  requireNoFolder(path);
  return withStoreErrors(path, 'not-readable', () =>
    closeOnError(openForReading(path), (database) => {
      requireReadable(database, path, 'fresh-refused');
      return storeOf(withNewestSchema(database), path, 'not-readable');
    }),
  );
}

/** A database that is nobody's file: empty, or a copy of one that may be written to. */
export function openMemory(image?: Uint8Array): Database {
  return new BetterSqlite3(image === undefined ? ':memory:' : Buffer.from(image));
}

function requireNoFolder(path: string): void {
  if (!existsSync(path) || !statSync(path).isDirectory()) return;
  const fix = 'Name a file in it, such as results.db.';
  throw new InputError({ code: 'bad-results', where: path, expected: 'a file', found: 'a folder', fix });
}

function makeFolder(path: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
  } catch (error) {
    throw cannotMakeFolder(path, error);
  }
}

function requireReadable(database: Database, path: string, fresh: 'fresh-allowed' | 'fresh-refused'): void {
  const objects = database.prepare('SELECT count(*) FROM sqlite_schema').pluck().get() as number;
  const applicationId = database.pragma('application_id', { simple: true }) as number;
  const version = database.pragma('user_version', { simple: true }) as number;
  if (fresh === 'fresh-allowed' && objects === 0 && applicationId === 0 && version === 0) return;
  requireOwnFile(path, applicationId);
  requireKnownVersion(path, version, SCHEMA_VERSION);
}

/**
 * A finished results file in a folder that nobody may write to cannot be opened in WAL mode, since SQLite wants to put
 * its shared memory beside it. With no log left beside it the file is complete, so a copy in memory tells the same.
 */
function openForReading(path: string): Database {
  const database = new BetterSqlite3(path, { readonly: true, fileMustExist: true, timeout: BUSY_TIMEOUT_MS });
  try {
    database.prepare('SELECT count(*) FROM sqlite_schema').get();
    return database;
  } catch (error) {
    database.close();
    const wal = statSync(`${path}-wal`, { throwIfNoEntry: false });
    if ((error as { code?: string }).code !== 'SQLITE_CANTOPEN' || (wal?.size ?? 0) > 0) throw error;
    return new BetterSqlite3(withoutWalMode(readFileSync(path)), { readonly: true });
  }
}

/** An older file lacks tables and views that are asked for here: it stays as it is, and a copy in memory gets them. */
function withNewestSchema(database: Database): Database {
  if ((database.pragma('user_version', { simple: true }) as number) === SCHEMA_VERSION) return database;
  const copy = new BetterSqlite3(withoutWalMode(database.serialize()));
  database.close();
  migrate(copy);
  copy.pragma('query_only = ON');
  return copy;
}

/** Bytes 18 and 19 of the header: 2 is WAL, which a database in memory cannot have; 1 is a rollback journal. */
function withoutWalMode(image: Buffer): Buffer {
  image[18] = 1;
  image[19] = 1;
  return image;
}

function closeOnError<T>(database: Database, use: (database: Database) => T): T {
  try {
    return use(database);
  } catch (error) {
    database.close();
    throw error;
  }
}

function storeOf(database: Database, path: string, refused: 'not-writable' | 'not-readable'): Store {
  const statements = new Map<string, BetterSqlite3.Statement>();
  const prepare = (sql: string): BetterSqlite3.Statement => {
    const known = statements.get(sql) ?? database.prepare(sql);
    statements.set(sql, known);
    return known;
  };
  const guarded = <T>(work: () => T): T => withStoreErrors(path, refused, work);
  return {
    path,
    all: <Row>(sql: string, params: Params = {}) => guarded(() => prepare(sql).all(params) as Row[]),
    get: <Row>(sql: string, params: Params = {}) =>
      guarded(() => prepare(sql).get(params) as Row | undefined),
    run: (sql, params = {}) => guarded(() => void prepare(sql).run(params)),
    select: (sql) => guarded(() => select(database, sql)),
    // Immediate: a transaction that reads first and writes later could not wait for another writer.
    transaction: <T>(work: () => T) => guarded(() => database.transaction(work).immediate() as T),
    version: () => guarded(() => database.pragma('data_version', { simple: true }) as number),
    image: () => guarded(() => withoutWalMode(database.serialize())),
    close: () => void database.close(),
  };
}

function select(database: Database, sql: string): QueryResult {
  const statement = database.prepare(sql);
  if (!statement.reader || !statement.readonly) throw new RangeError('a statement that does not only read');
  const columns = distinctNames(statement.columns().map((column) => column.name));
  // As bigint first: an integer over 2^53 would silently lose its last digits.
  const rows = statement.raw().safeIntegers().all() as SqlValue[][];
  return { columns, rows: rows.map((row) => row.map(asNumberWhereSafe)) };
}

function asNumberWhereSafe(value: SqlValue): SqlValue {
  return typeof value === 'bigint' && Number.isSafeInteger(Number(value)) ? Number(value) : value;
}
