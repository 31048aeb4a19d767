/** The only file that uses better-sqlite3. */
import BetterSqlite3 from 'better-sqlite3';
import { type QueryResult, queryResult, type SqlParameters, type SqlValue } from './query-result.ts';
import { withoutWalMode } from './wal-mode.ts';

/** A SQLite database. Errors have SQLite's `code`, such as `SQLITE_BUSY`. */
export interface Database {
  /** Statements of `all`, `get` and `run` are prepared once and kept. */
  all<Row>(sql: string, parameters?: SqlParameters): Row[];
  get<Row>(sql: string, parameters?: SqlParameters): Row | undefined;
  run(sql: string, parameters?: SqlParameters): void;
  /** The first column of every row. */
  values(sql: string, parameters?: SqlParameters): SqlValue[];
  /** The first column of the first row. */
  value(sql: string, parameters?: SqlParameters): SqlValue | undefined;
  /** One reading statement. Throws RangeError when `sql` is not one, or would write. */
  select(sql: string): QueryResult;
  /** Any number of statements, without parameters. */
  execute(sql: string): void;
  /** Everything in `work` or nothing. Transactions nest. `work` must be synchronous. */
  transaction<T>(work: () => T): T;
  /** What is stored at this moment, the log included, as a database that can be opened in memory. */
  image(): Uint8Array;
  close(): void;
}

/** How long a statement waits for another process that writes. */
const BUSY_TIMEOUT_MS = 10_000;

/**
 * @param access `create`: makes the file where there is none; `read`: the file must be there
 * @param timeout ms that a statement waits for another process that writes
 */
export function openDatabase(path: string, access: 'create' | 'read', timeout = BUSY_TIMEOUT_MS): Database {
  const readonly = access === 'read';
  return databaseOf(new BetterSqlite3(path, { readonly, fileMustExist: readonly, timeout }));
}

/** A database that is nobody's file: empty, or a copy of one, which may be written to. */
export function openMemory(image?: Uint8Array): Database {
  return databaseOf(new BetterSqlite3(image === undefined ? ':memory:' : Buffer.from(image)));
}

function databaseOf(driver: BetterSqlite3.Database): Database {
  const statements = new Map<string, BetterSqlite3.Statement>();
  const prepare = (sql: string): BetterSqlite3.Statement => {
    const statement = statements.get(sql) ?? driver.prepare(sql);
    statements.set(sql, statement);
    return statement;
  };
  const values = (sql: string, parameters: SqlParameters = {}) =>
    driver.prepare(sql).pluck().all(parameters) as SqlValue[];
  return {
    all: <Row>(sql: string, parameters: SqlParameters = {}) => prepare(sql).all(parameters) as Row[],
    get: <Row>(sql: string, parameters: SqlParameters = {}) =>
      prepare(sql).get(parameters) as Row | undefined,
    run: (sql, parameters = {}) => void prepare(sql).run(parameters),
    values,
    value: (sql, parameters) => values(sql, parameters)[0],
    select: (sql) => select(driver, sql),
    execute: (sql) => void driver.exec(sql),
    // Immediate: a transaction that reads first and writes later could not wait for another writer.
    transaction: <T>(work: () => T) => driver.transaction(work).immediate() as T,
    image: () => withoutWalMode(driver.serialize()),
    close: () => void driver.close(),
  };
}

function select(driver: BetterSqlite3.Database, sql: string): QueryResult {
  const statement = driver.prepare(sql);
  if (!statement.reader || !statement.readonly) throw new RangeError('a statement that does not only read');
  const columns = statement.columns().map((column) => column.name);
  // As bigint first: an integer over 2^53 would silently lose its last digits.
  return queryResult(columns, statement.raw().safeIntegers().all() as SqlValue[][]);
}
