import { InputError } from '../../core/errors.ts';
import { openReadOnlyStore, type Store } from '../database.ts';

/**
 * Opens a results file to show what is in it.
 * @throws InputError as `openReadOnlyStore` does; `empty` for a file without a run
 */
export function openResults(path: string): Store {
  const store = openReadOnlyStore(path);
  try {
    requireRun(store);
    return store;
  } catch (error) {
    store.close();
    throw error;
  }
}

function requireRun(store: Store): void {
  if (store.get('SELECT 1 FROM run LIMIT 1') !== undefined) return;
  throw new InputError({
    code: 'empty',
    where: store.path,
    expected: 'a results file with a run',
    found: 'none',
    fix: 'Run `sorted-eval sweep` first, or name another results file.',
  });
}
