import { InputError } from '../core/errors.ts';
import { openReadOnlyStore, type Store } from './database.ts';
import { TABLES } from './schema/tables.ts';

/**
 * What others read in the file is what this store wrote.
 * @throws InputError `not-writable` when the file is another one, or has other rows
 */
export function requireStored(store: Store): void {
  // Every transaction checks that the file is in its place.
  store.transaction(() => {});
  const fresh = openReadOnlyStore(store.path, { isIntact: true });
  try {
    for (const { name } of TABLES) {
      const [written, found] = [countRows(store, name), countRows(fresh, name)];
      if (written !== found) throw otherRows(store.path, name, written, found);
    }
  } finally {
    fresh.close();
  }
}

function countRows(store: Store, table: string): number {
  return store.get<{ n: number }>(`SELECT count(*) AS n FROM ${table}`)!.n;
}

function otherRows(path: string, table: string, written: number, found: number): InputError {
  return new InputError({
    code: 'not-writable',
    where: path,
    expected: `the ${written} rows of table ${table} that were written`,
    found: `${found}`,
    fix: 'The file was changed from outside. Move it away and run the command again.',
  });
}
