/** The only file that uses better-sqlite3. */
import BetterSqlite3 from 'better-sqlite3';
import { queryResult } from './query-result.js';
import { withoutWalMode } from './wal-mode.js';
/** How long a statement waits for another process that writes. */
const BUSY_TIMEOUT_MS = 10_000;
/** @param access `create`: makes the file where there is none; `read`: the file must be there */
export function openDatabase(path, access) {
    const readonly = access === 'read';
    return databaseOf(new BetterSqlite3(path, { readonly, fileMustExist: readonly, timeout: BUSY_TIMEOUT_MS }));
}
/** A database that is nobody's file: empty, or a copy of one, which may be written to. */
export function openMemory(image) {
    return databaseOf(new BetterSqlite3(image === undefined ? ':memory:' : Buffer.from(image)));
}
function databaseOf(driver) {
    const statements = new Map();
    const prepare = (sql) => {
        const statement = statements.get(sql) ?? driver.prepare(sql);
        statements.set(sql, statement);
        return statement;
    };
    const values = (sql, parameters = {}) => driver.prepare(sql).pluck().all(parameters);
    return {
        all: (sql, parameters = {}) => prepare(sql).all(parameters),
        get: (sql, parameters = {}) => prepare(sql).get(parameters),
        run: (sql, parameters = {}) => void prepare(sql).run(parameters),
        values,
        value: (sql, parameters) => values(sql, parameters)[0],
        select: (sql) => select(driver, sql),
        execute: (sql) => void driver.exec(sql),
        // Immediate: a transaction that reads first and writes later could not wait for another writer.
        transaction: (work) => driver.transaction(work).immediate(),
        image: () => withoutWalMode(driver.serialize()),
        close: () => void driver.close(),
    };
}
function select(driver, sql) {
    const statement = driver.prepare(sql);
    if (!statement.reader || !statement.readonly)
        throw new RangeError('a statement that does not only read');
    const columns = statement.columns().map((column) => column.name);
    // As bigint first: an integer over 2^53 would silently lose its last digits.
    return queryResult(columns, statement.raw().safeIntegers().all());
}
