import type { SqlParameters } from './query-result.ts';

/**
 * Makes an image of a database one that can be opened in memory, where there is no WAL: bytes 18 and 19 of
 * the header are 2 in WAL mode, 1 with a rollback journal. Changes `image` itself.
 * @param image a whole database file
 */
export function withoutWalMode<Image extends Uint8Array>(image: Image): Image {
  image[18] = 1;
  image[19] = 1;
  return image;
}

/** What of a database is needed here. */
interface Connection {
  execute(sql: string): void;
  close(): void;
}

/** The half of a store that writes. */
interface Writing {
  run(sql: string, parameters?: SqlParameters): void;
  transaction<T>(work: () => T): T;
  close(): void;
}

/**
 * WAL mode from the first write until the file is closed: others read meanwhile, and a file at rest needs nothing beside it,
 * whoever reads it. One that is opened and not written to keeps its bytes.
 */
export function withWalWhileWriting<Store extends Writing>(database: Connection, store: Store): Store {
  let isWriting = false;
  const begin = () => {
    if (!isWriting) database.execute('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
    isWriting = true;
  };
  return {
    ...store,
    run: (sql: string, parameters?: SqlParameters) => {
      begin();
      store.run(sql, parameters);
    },
    transaction: <T>(work: () => T) => {
      begin();
      return store.transaction(work);
    },
    close: () => {
      if (isWriting) leaveWalMode(database);
      database.close();
    },
  };
}

function leaveWalMode(database: Connection): void {
  try {
    // Others that have the file open keep it in WAL mode: they are not waited for.
    database.execute('PRAGMA busy_timeout = 0; PRAGMA journal_mode = DELETE');
  } catch {
    // A full disk, a file that was removed: closing goes on.
  }
}
