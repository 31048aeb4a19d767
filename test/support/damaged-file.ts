import BetterSqlite3 from 'better-sqlite3';

/** Whether SQLite's own full check, without our code, sees damage in a file. */
export function isDamagedFile(path: string): boolean {
  const database = new BetterSqlite3(path, { readonly: true });
  try {
    return database.pragma('integrity_check', { simple: true }) !== 'ok';
  } catch {
    return true;
  } finally {
    database.close();
  }
}
