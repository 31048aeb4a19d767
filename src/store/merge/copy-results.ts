import { requireIntact } from '../damage/integrity.ts';
import { openStore, requireResultsFile } from '../database.ts';
import { withStoreErrors } from '../file-errors.ts';
import { closeOnError, openForReading, requireReadable } from '../open-for-reading.ts';

/**
 * A results file with the newest schema, page by page: no more of it is in memory than SQLite's cache.
 * @param to where nothing is
 * @throws what opening a results file throws
 */
export function copyResults(path: string, to: string): void {
  requireResultsFile(path);
  withStoreErrors(path, 'not-readable', () =>
    closeOnError(openForReading(path), (database) => {
      requireReadable(database, path, 'fresh-refused');
      requireIntact(database, path, 'to-read');
      database.run('VACUUM INTO @to', { to });
      database.close();
    }),
  );
  openStore(to).close();
}
