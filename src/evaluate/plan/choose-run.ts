import { InputError } from '../../core/errors.ts';
import type { Store } from '../../store/database.ts';
import { readRuns } from '../../store/tables/run-table.ts';

/**
 * The run of that name, or the only one.
 * @throws InputError `bad-option`
 */
export function chooseRun(store: Store, name: string | undefined): string {
  const runs = readRuns(store).map(({ run }) => run);
  if (name === undefined && runs.length === 1) return runs[0]!;
  if (name !== undefined && runs.includes(name)) return name;
  throw new InputError({
    code: 'bad-option',
    where: '--run',
    expected: runs.length === 0 ? `a run in ${store.path}` : `one of the runs ${runs.join(', ')}`,
    found: runs.length === 0 ? 'none' : name === undefined ? 'no name' : JSON.stringify(name),
    fix: runs.length === 0 ? 'Run `sorted-eval sweep` first.' : 'Name one of these.',
  });
}
