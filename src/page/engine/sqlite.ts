/** The only file of the page that uses SQLite's WebAssembly: opens a results file in memory as a store. */

import sqlite3InitModule, {
  type Database,
  type PreparedStatement,
  type Sqlite3Static,
} from '@sqlite.org/sqlite-wasm';
import { InputError } from '../../core/errors.ts';
import { requireKnownVersion, requireOwnFile } from '../../store/file-errors.ts';
import { type QueryResult, queryResult, type SqlValue } from '../../store/query-result.ts';
import { rowObjects } from '../../store/row-objects.ts';
import { SCHEMA_VERSION } from '../../store/schema/schema-version.ts';
import { withoutWalMode } from '../../store/wal-mode.ts';
import type { PageStore } from '../queries/page-queries.ts';

export interface OpenedImage extends PageStore {
  close(): void;
}

/** @param wasm bytes of sqlite3.wasm: nothing is fetched */
export async function loadSqlite(wasm: Uint8Array<ArrayBuffer>): Promise<Sqlite3Static> {
  // Without this it warns of a file system that it cannot use and that is not needed here.
  Object.assign(globalThis, { sqlite3ApiConfig: { warn: () => {} } });
  const fetchBefore = globalThis.fetch;
  // The library takes its WebAssembly from an address alone.
  globalThis.fetch = async () => new Response(wasm, { headers: { 'content-type': 'application/wasm' } });
  try {
    return await sqlite3InitModule();
  } finally {
    globalThis.fetch = fetchBefore;
  }
}

/** Throws InputError `bad-results` or `newer-version`. The image is taken over. */
export function openImage(sqlite: Sqlite3Static, name: string, image: Uint8Array): OpenedImage {
  requireSqlite(name, image);
  const database = new sqlite.oo1.DB(':memory:');
  try {
    deserialize(sqlite, database, image);
    requireOwnFile(name, Number(database.selectValue('PRAGMA application_id')));
    requireKnownVersion(name, Number(database.selectValue('PRAGMA user_version')), SCHEMA_VERSION);
    return storeOf(sqlite, database, name);
  } catch (error) {
    database.close();
    throw error;
  }
}

function requireSqlite(name: string, image: Uint8Array): void {
  const magic = new TextDecoder().decode(image.subarray(0, 15));
  if (magic === 'SQLite format 3') return;
  const fix = 'Choose the results.db of a sweep.';
  const expected = 'a results file of sorted-eval';
  throw new InputError({ code: 'bad-results', where: name, expected, found: 'another kind of file', fix });
}

function deserialize({ capi, wasm }: Sqlite3Static, database: Database, image: Uint8Array): void {
  const pointer = wasm.allocFromTypedArray(image);
  withoutWalMode(wasm.heap8u().subarray(Number(pointer), Number(pointer) + image.length));
  const flags = capi.SQLITE_DESERIALIZE_FREEONCLOSE | capi.SQLITE_DESERIALIZE_READONLY;
  database.checkRc(
    capi.sqlite3_deserialize(database.pointer!, 'main', pointer, image.length, image.length, flags),
  );
}

function storeOf(sqlite: Sqlite3Static, database: Database, path: string): OpenedImage {
  const all = <Row>(sql: string, params: Readonly<Record<string, string | number | null>> = {}): Row[] => {
    const named = Object.entries(params).map(([name, value]) => [`@${name}`, value]);
    return rowObjects(read(sqlite, database, sql, Object.fromEntries(named))) as Row[];
  };
  return {
    path,
    all,
    get: <Row>(sql: string, params = {}) => all<Row>(sql, params)[0],
    select: (sql) => read(sqlite, database, sql),
    close: () => database.close(),
  };
}

/** As `store/sqlite-driver.ts` does it. Throws RangeError unless `sql` is one statement that only reads. */
function read(
  sqlite: Sqlite3Static,
  database: Database,
  sql: string,
  params: Readonly<Record<string, string | number | null>> = {},
): QueryResult {
  const statement = withCode(() => database.prepare(sql));
  try {
    const rest = sql.slice(sqlite.capi.sqlite3_sql(statement).length);
    if (!isReadOnly(statement) || statement.columnCount === 0 || /[^\s;]/.test(rest))
      throw new RangeError('not one statement that only reads');
    if (Object.keys(params).length > 0) statement.bind(params);
    const columns = statement.getColumnNames();
    const rows: SqlValue[][] = [];
    while (withCode(() => statement.step()))
      rows.push(columns.map((_name, index) => valueAt(sqlite, statement, index)));
    return queryResult(columns, rows);
  } finally {
    statement.finalize();
  }
}

const utf8 = new TextDecoder();

/** The library ends texts at their first NUL, which a model may write. */
function valueAt({ capi, wasm }: Sqlite3Static, statement: PreparedStatement, index: number): SqlValue {
  if (capi.sqlite3_column_type(statement, index) !== capi.SQLITE_TEXT)
    return statement.get(index) as SqlValue;
  const pointer = Number(capi.sqlite3_column_blob(statement, index));
  return utf8.decode(wasm.heap8u().subarray(pointer, pointer + capi.sqlite3_column_bytes(statement, index)));
}

/** The library's types lack it. */
function isReadOnly(statement: unknown): boolean {
  return (statement as { isReadOnly(): boolean }).isReadOnly();
}

/** `querySql` recognizes SQLite's errors by their code, as better-sqlite3 sets it. */
function withCode<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    const { message, resultCode } = error as Error & { resultCode?: number };
    if (resultCode === undefined) throw error;
    throw Object.assign(new Error(message.replace(/^.*?sqlite3? result code \d+: /i, '')), {
      code: resultCode,
    });
  }
}
