/** One results file is one {@link Store}: everything else in this folder is plain functions over it. */
import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { InputError } from '../core/errors.js';
import { cannotMakeFolder, requireKnownVersion, requireOwnFile, withStoreErrors } from './file-errors.js';
import { migrate } from './migrations.js';
import { SCHEMA_VERSION } from './schema/schema-version.js';
import { openDatabase, openMemory } from './sqlite-driver.js';
import { withoutWalMode } from './wal-mode.js';
/**
 * Opens a results file for reading and writing; makes it, and its folder, where it does not exist.
 * @throws InputError `not-writable`, `bad-results` (another kind of file, or damaged), `newer-version`
 */
export function openStore(path) {
    requireNoFolder(path);
    makeFolder(path);
    return withStoreErrors(path, 'not-writable', () => closeOnError(openDatabase(path, 'create'), (database) => {
        // Before the first write: a file that is not ours must not be touched.
        requireReadable(database, path, 'fresh-allowed');
        database.execute('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
        migrate(database);
        database.execute('PRAGMA foreign_keys = ON');
        return storeOf(database, path, 'not-writable');
    }));
}
/**
 * Opens a results file for reading, also while a sweep writes to it.
 * @throws InputError `not-found`, `not-readable`, `bad-results`, `newer-version`
 */
export function openReadOnlyStore(path) {
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
    return withStoreErrors(path, 'not-readable', () => closeOnError(openForReading(path), (database) => {
        requireReadable(database, path, 'fresh-refused');
        return storeOf(withNewestSchema(database), path, 'not-readable');
    }));
}
function requireNoFolder(path) {
    if (!existsSync(path) || !statSync(path).isDirectory())
        return;
    const fix = 'Name a file in it, such as results.db.';
    throw new InputError({ code: 'bad-results', where: path, expected: 'a file', found: 'a folder', fix });
}
function makeFolder(path) {
    try {
        mkdirSync(dirname(path), { recursive: true });
    }
    catch (error) {
        throw cannotMakeFolder(path, error);
    }
}
function requireReadable(database, path, fresh) {
    const objects = database.value('SELECT count(*) FROM sqlite_schema');
    const applicationId = Number(database.value('PRAGMA application_id'));
    const version = Number(database.value('PRAGMA user_version'));
    if (fresh === 'fresh-allowed' && objects === 0 && applicationId === 0 && version === 0)
        return;
    requireOwnFile(path, applicationId);
    requireKnownVersion(path, version, SCHEMA_VERSION);
}
/**
 * A finished results file in a read-only folder cannot be opened in WAL mode, since SQLite wants to put its shared memory
 * beside it. With no log left beside it the file is complete, so a copy in memory has the same rows.
 */
function openForReading(path) {
    const database = openDatabase(path, 'read');
    try {
        database.value('SELECT count(*) FROM sqlite_schema');
        return database;
    }
    catch (error) {
        database.close();
        const wal = statSync(`${path}-wal`, { throwIfNoEntry: false });
        if (error.code !== 'SQLITE_CANTOPEN' || (wal?.size ?? 0) > 0)
            throw error;
        return readOnly(openMemory(withoutWalMode(readFileSync(path))));
    }
}
/** An older file lacks tables and views of this version: it stays as it is, and a copy in memory gets them. */
function withNewestSchema(database) {
    if (database.value('PRAGMA user_version') === SCHEMA_VERSION)
        return database;
    const copy = openMemory(database.image());
    database.close();
    migrate(copy);
    return readOnly(copy);
}
function readOnly(database) {
    database.execute('PRAGMA query_only = ON');
    return database;
}
function closeOnError(database, use) {
    try {
        return use(database);
    }
    catch (error) {
        database.close();
        throw error;
    }
}
/** The database with SQLite's errors about the file as InputError. */
function storeOf(database, path, refused) {
    const guarded = (work) => withStoreErrors(path, refused, work);
    return {
        path,
        all: (sql, parameters) => guarded(() => database.all(sql, parameters)),
        get: (sql, parameters) => guarded(() => database.get(sql, parameters)),
        run: (sql, parameters) => guarded(() => database.run(sql, parameters)),
        select: (sql) => guarded(() => database.select(sql)),
        transaction: (work) => guarded(() => database.transaction(work)),
        version: () => guarded(() => Number(database.value('PRAGMA data_version'))),
        image: () => guarded(() => database.image()),
        close: () => database.close(),
    };
}
