import type { Store } from './database.ts';
import type { Database } from './sqlite-driver.ts';

/**
 * WAL mode from the first write until the file is closed: others read meanwhile, and a file at rest needs nothing beside it,
 * whoever reads it. One that is opened and not written to keeps its bytes.
 */
export function withWalWhileWriting(database: Database, store: Store): Store {
  let isWriting = false;
  const begin = () => {
    if (!isWriting) database.execute('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
    isWriting = true;
  };
  return {
    ...store,
    run: (sql, parameters) => {
      begin();
      store.run(sql, parameters);
    },
    transaction: (work) => {
      begin();
      return store.transaction(work);
    },
    close: () => {
      if (isWriting) leaveWalMode(database);
      database.close();
    },
  };
}

function leaveWalMode(database: Database): void {
  try {
    // Others that have the file open keep it in WAL mode: they are not waited for.
    database.execute('PRAGMA busy_timeout = 0; PRAGMA journal_mode = DELETE');
  } catch {
    // A full disk, a file that was removed: closing goes on.
  }
}
