import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import Database from 'better-sqlite3';
import { beforeAll, describe, expect, it } from 'vitest';
import { RESULTS_FILE } from '../../../src/config/results-file.ts';
import { closeSweep, openSweep } from '../../../src/evaluate/open-sweep.ts';
import { runSweep } from '../../../src/evaluate/run-sweep.ts';
import { POLICIES_1 } from '../../../src/store/schema/policies-1.ts';
import { sqlList } from '../../../src/store/schema/sql-list.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { countingProgress } from '../trio.ts';

/** Results of the nano run as `npm start` of commit 8389566 wrote them (schema 2), packed by Node's `brotliCompressSync`. */
const GOLDEN = 'test/golden/nano-8389566.db.br';

const POLICIES_OF_THEN = `WHERE policy IN ${sqlList(POLICIES_1)}`;

/** Columns that say when a row was written, not what was measured. */
const TIMES = new Set(['started_at', 'finished_at', 'started', 'finished']);

/** Table or view → its rows as JSON, sorted. */
type Rows = Readonly<Record<string, readonly string[]>>;
/** Table or view → names of its columns. */
type Columns = Readonly<Record<string, readonly string[]>>;

const folder = tempFolder();
let columns: Columns;
let before: Rows;
let after: Rows;
let computed: ReadonlyMap<string, number>;

/** Today's sweep over the old file; its models are imported anew. */
beforeAll(async () => {
  const path = join(folder, RESULTS_FILE);
  writeFileSync(path, brotliDecompressSync(readFileSync(GOLDEN)));
  columns = reading(path, columnsOf);
  before = reading(path, rowsOf);
  const progress = countingProgress();
  const sweep = await openSweep('eval-data/nano/sweep.yaml', { output: folder, progress });
  try {
    await runSweep(sweep);
  } finally {
    closeSweep(sweep);
  }
  computed = progress.computed;
  after = reading(path, rowsOf);
}, 120_000);

describe('a sweep of today over the nano results of commit 8389566', () => {
  it('finds nothing to compute: every response, verdict, KL value, log-likelihood and speed has its key of then', () => {
    expect(computed).toEqual(new Map());
  });

  it('continues the same run, of the same setup hash', () => {
    expect(after['run']).toHaveLength(1);
    expect(after['run']).toEqual(before['run']);
    expect(after['run']![0]).toContain('d76e0fe5e9add9e2aa16dd63ccde1c2d21f27c26cd7c0eaa473df198c3298275');
  });

  it('leaves every table and view of then with the same rows, under the columns of then', () => {
    expect(before['responses']).toHaveLength(4080);
    expect(before['verdicts']).toHaveLength(43_520);
    expect(before['kl_curves']).toHaveLength(600);
    expect(Object.keys(before).length).toBeGreaterThan(40);
    expect(Object.keys(before).flatMap(firstDifference)).toEqual([]);
  });
});

/** A diff of 43,520 rows would say no more. */
function firstDifference(name: string): object[] {
  const [old, today] = [before[name]!, after[name]!];
  const index = Array.from({ length: Math.max(old.length, today.length) }).findIndex(
    (_, row) => old[row] !== today[row],
  );
  return index === -1 ? [] : [{ name, index, old: old[index], today: today[index] }];
}

/** Past sorted-eval's own reading, so that the file's own views answer. */
function reading<T>(path: string, read: (file: Database.Database) => T): T {
  const file = new Database(path, { readonly: true });
  try {
    return read(file);
  } finally {
    file.close();
  }
}

function columnsOf(file: Database.Database): Columns {
  const names = file
    .prepare("SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite%'")
    .pluck()
    .all() as string[];
  const columns = file.prepare('SELECT name FROM pragma_table_info(?)').pluck();
  return Object.fromEntries(
    names.map((name) => [name, (columns.all(name) as string[]).filter((column) => !TIMES.has(column))]),
  );
}

/** Of the tables, views, columns and policies that the old file had. */
function rowsOf(file: Database.Database): Rows {
  const rows = ([name, columns]: [string, readonly string[]]) => {
    const list = columns.map((column) => `"${column}"`).join(', ');
    return file
      .prepare(`SELECT ${list} FROM "${name}" ${columns.includes('policy') ? POLICIES_OF_THEN : ''}`)
      .raw()
      .all()
      .map((row) => JSON.stringify(row))
      .sort();
  };
  return Object.fromEntries(Object.entries(columns).map((entry) => [entry[0], rows(entry)]));
}
