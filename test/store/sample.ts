/** A small run whose every number can be counted by hand, in a real file in a folder of its own. */
import { join } from 'node:path';
import { InputError } from '../../src/core/errors.ts';
import { openStore, type Store } from '../../src/store/database.ts';
import { queryView } from '../../src/store/read/query-view.ts';
import { saveJudge } from '../../src/store/tables/judge-table.ts';
import { saveResponses } from '../../src/store/tables/response-table.ts';
import { openRun } from '../../src/store/tables/run-table.ts';
import { atEnd } from '../support/at-end.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { JUDGE, responsesOf, saveVerdicts, setup, verdict } from './sample-run.ts';

/** Closed after the test, or outside of one after those of the file. */
export function closing(store: Store): Store {
  atEnd(() => store.close());
  return store;
}

export function emptyStore(): Store {
  return closing(openStore(join(tempFolder(), 'results.db')));
}

/** The InputError that `work` throws; fails where it throws none. */
export function inputErrorOf(work: () => unknown): InputError {
  try {
    work();
  } catch (error) {
    if (error instanceof InputError) return error;
    throw error;
  }
  throw new Error('no InputError was thrown');
}

/**
 * soft@4 answers 3, Paris and free text; sft@4 answers 3, Rome and free text. The judge: i-add tie in both orders, i-cap
 * prefers soft in both, i-free prefers slot 1 in both (so a, then b).
 */
export function sampleStore(): Store {
  const store = emptyStore();
  openRun(store, setup());
  saveResponses(
    store,
    'nano',
    responsesOf('soft', 4, { 'i-add': '3', 'i-cap': ' Paris\n', 'i-free': 'Once' }),
  );
  saveResponses(store, 'nano', responsesOf('sft', 4, { 'i-add': '3', 'i-cap': 'Rome', 'i-free': 'Twice' }));
  saveJudge(store, 'nano', JUDGE);
  saveVerdicts(store, 'nano', [
    verdict('i-add', 'ab', 'tie'),
    verdict('i-add', 'ba', 'tie'),
    verdict('i-cap', 'ab', '1'),
    verdict('i-cap', 'ba', '2'),
    verdict('i-free', 'ab', '1'),
    verdict('i-free', 'ba', '1'),
  ]);
  return store;
}

/** Rows of a view as column → value. */
export function rowsOf(store: Store, view: string): Record<string, unknown>[] {
  const { columns, rows } = queryView(store, view);
  return rows.map((row) => Object.fromEntries(columns.map((column, index) => [column, row[index]])));
}
