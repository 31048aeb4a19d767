import { existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { InputError } from '../../core/errors.ts';
import { openStore, type Store } from '../database.ts';
import { TABLES } from '../schema/tables.ts';
import { copyResults } from './copy-results.ts';
import { type MergedRun, mergeRuns } from './merge-runs.ts';
import { addRows, conflictsIn, type MergeConflict } from './merge-table.ts';

/** What another file brought. */
export interface MergedFile {
  readonly path: string;
  /** Rows that the files before it did not have, by table; those without any are left out. */
  readonly added: Readonly<Record<string, number>>;
  readonly runs: readonly Omit<MergedRun, 'conflicts'>[];
}

const CONTENT_TABLES = TABLES.filter(({ columns }) => !('run' in columns));
const MAX_NAMED = 3;

/**
 * Makes one results file of several: results come together by their content keys. Nothing is made where they contradict.
 * @param into must not exist
 * @param note gets every conflict as a line
 * @throws InputError `bad-results` for conflicts; `not-writable` where `into` exists; what opening a results file throws
 */
export function mergeFiles(
  paths: readonly string[],
  into: string,
  note: (line: string) => void,
): MergedFile[] {
  if (existsSync(into)) throw taken(into);
  const folder = mkdtempSync(join(dirname(into), '.merge-'));
  try {
    const made = join(folder, 'merged.db');
    copyResults(paths[0]!, made);
    const store = openStore(made);
    let merged: MergedFile[];
    try {
      merged = paths.slice(1).map((path) => mergeFile(store, path, folder, note));
    } finally {
      store.close();
    }
    if (existsSync(into)) throw taken(into);
    renameSync(made, into);
    return merged;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function mergeFile(store: Store, path: string, folder: string, note: (line: string) => void): MergedFile {
  const copy = join(folder, 'other.db');
  copyResults(path, copy);
  store.run('ATTACH DATABASE @copy AS other', { copy });
  try {
    return store.transaction(() => {
      const before = countsOf(store);
      const ofContent = CONTENT_TABLES.flatMap((table) => {
        const rows = `SELECT * FROM other.${table.name}`;
        const conflicts = conflictsIn(store, table, rows);
        addRows(store, table, rows);
        return conflicts;
      });
      const runs = mergeRuns(store);
      requireNone(path, [...ofContent, ...runs.flatMap(({ conflicts }) => conflicts)], note);
      return {
        path,
        added: addedSince(before, countsOf(store)),
        runs: runs.map(({ conflicts: _, ...run }) => run),
      };
    });
  } finally {
    store.run('DETACH DATABASE other');
    rmSync(copy);
  }
}

function countsOf(store: Store): Map<string, number> {
  return new Map(
    TABLES.map(({ name }) => [
      name,
      store.get<{ rows: number }>(`SELECT count(*) AS rows FROM main.${name}`)!.rows,
    ]),
  );
}

function addedSince(
  before: ReadonlyMap<string, number>,
  now: ReadonlyMap<string, number>,
): Record<string, number> {
  const added = [...now].map(([name, rows]) => [name, rows - before.get(name)!] as const);
  return Object.fromEntries(added.filter(([, rows]) => rows !== 0));
}

function requireNone(path: string, conflicts: readonly MergeConflict[], note: (line: string) => void): void {
  if (conflicts.length === 0) return;
  const lines = conflicts.map(({ table, key, columns }) => `${table} ${key}: another ${columns.join(', ')}`);
  for (const line of lines) note(line);
  const named = lines.slice(0, MAX_NAMED).join('; ');
  throw new InputError({
    code: 'bad-results',
    where: path,
    expected: 'the same contents under each key as the files before it',
    found: `${conflicts.length} rows with others: ${named}${conflicts.length > MAX_NAMED ? '; …' : ''}`,
    fix: 'Nothing was written. Find out which file is right; two machines may round a near-tie differently.',
  });
}

function taken(into: string): InputError {
  return new InputError({
    code: 'not-writable',
    where: into,
    expected: 'a path where nothing is',
    found: 'a file',
    fix: 'Name another file for --into, or remove this one.',
  });
}
