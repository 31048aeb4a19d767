import { sha256 } from '../../core/sha256.ts';
import type { Store } from '../database.ts';
import { RUN_SPEED } from '../schema/speed-tables.ts';
import type { Table } from '../schema/table-type.ts';
import { TABLES } from '../schema/tables.ts';
import { identityJson, isSameJudge, type JudgeIdentity } from '../tables/judge-table.ts';
import { nameOfRun, type RunRecord } from '../tables/run-table.ts';
import { type OtherSpeeds, otherSpeeds, timedOn } from './merge-speeds.ts';
import { addRows, conflictsIn, type MergeConflict } from './merge-table.ts';

/** Made of what a run has: `score` makes them again. */
const DERIVED = ['cell_score', 'run_check'];

/** What became of a run of the other file. */
export interface MergedRun {
  /** Its key there, and here. */
  readonly from: string;
  readonly run: string;
  readonly conflicts: readonly MergeConflict[];
  /** Whether its scores are to be made again. */
  readonly losesScores: boolean;
  /** Timed on another machine than what it keeps. */
  readonly otherSpeeds: OtherSpeeds | undefined;
}

const RUN_TABLES = TABLES.filter(({ columns }) => 'run' in columns);

type OtherRun = Pick<RunRecord, 'run' | 'configJson' | 'configSha256'> & {
  readonly judge: JudgeIdentity | undefined;
};

/** Runs of one setup come together, if they have one judge or just one of them has any; others get further keys. */
export function mergeRuns(store: Store): MergedRun[] {
  return runsOf(store, 'other').map((other) => {
    const place = placeOf(store, other);
    return mergeRun(store, other.run, place);
  });
}

interface Place {
  readonly run: string;
  readonly isThere: boolean;
}

function placeOf(store: Store, other: OtherRun): Place {
  const own = runsOf(store, 'main');
  const same = own.find(
    (one) => one.configSha256 === other.configSha256 && areOfOneJudge(one.judge, other.judge),
  );
  if (same) return { run: same.run, isThere: true };
  const judged = other.judge ? sha256(other.configSha256 + identityJson(other.judge)) : other.configSha256;
  const name = nameOfRun(other);
  const further = [8, 16, 64].flatMap((digits) =>
    [other.configSha256, judged].map((hash) => `${name}~${hash.slice(0, digits)}`),
  );
  const taken = new Set(own.map(({ run }) => run));
  return { run: [other.run, ...further].find((key) => !taken.has(key))!, isThere: false };
}

function areOfOneJudge(one: JudgeIdentity | undefined, other: JudgeIdentity | undefined): boolean {
  return one === undefined || other === undefined || isSameJudge(one, other);
}

function mergeRun(store: Store, from: string, { run, isThere }: Place): MergedRun {
  const losesScores = isThere && dropOldScores(store, from, run);
  const tables = RUN_TABLES.filter(({ name }) => !(losesScores && DERIVED.includes(name)));
  const conflicts: MergeConflict[] = [];
  const speeds = isThere ? otherSpeeds(store, from, run) : undefined;
  for (const table of tables) {
    const isOfOneMachine = table !== RUN_SPEED || speeds === undefined;
    const rows = rowsOf(table, from, run) + (isOfOneMachine ? '' : ` AND ${timedOn(speeds!.kept)}`);
    if (isThere) conflicts.push(...conflictsIn(store, table, rows));
    addRows(store, table, rows);
  }
  if (isThere) completeRun(store, from, run, losesScores);
  return { from, run, conflicts, losesScores, otherSpeeds: speeds };
}

/** What one of the two files knows of a run when it is scored or finished. */
function completeRun(store: Store, from: string, run: string, losesScores: boolean): void {
  const columns = ['policy', 'margin', 'finished_at'];
  const known = columns.map(
    (column) => `${column} = coalesce(${column}, (SELECT ${column} FROM other.run WHERE run = @from))`,
  );
  store.run(`UPDATE main.run SET ${known.join(', ')} WHERE run = @run`, { run, from });
  if (losesScores)
    store.run('UPDATE main.run SET policy = NULL, finished_at = NULL WHERE run = @run', { run });
}

/** Those of a run as if it had the key that it gets. */
function rowsOf({ name, columns }: Table, from: string, run: string): string {
  const list = Object.keys(columns).map((column) => (column === 'run' ? `${quoted(run)} AS run` : column));
  return `SELECT ${list.join(', ')} FROM other.${name} WHERE run = ${quoted(from)}`;
}

/** Scores of a part of the verdicts are none of all of them. */
function dropOldScores(store: Store, from: string, run: string): boolean {
  const pairs = `SELECT comparison, exit_a, exit_b, instruction_id, ord FROM`;
  const hasAll = (one: string, other: string) =>
    store.get(`${pairs} ${other} EXCEPT ${pairs} ${one} LIMIT 1`, { run, from }) === undefined;
  const [own, others] = ['main.judged_pair WHERE run = @run', 'other.judged_pair WHERE run = @from'];
  if (hasAll(own, others) && isScored(store, 'main', run)) return false;
  if (hasAll(others, own) && !isScored(store, 'main', run)) return false;
  for (const name of DERIVED) store.run(`DELETE FROM main.${name} WHERE run = @run`, { run });
  return !hasAll(others, own) || !isScored(store, 'other', from);
}

function isScored(store: Store, file: 'main' | 'other', run: string): boolean {
  return store.get(`SELECT 1 FROM ${file}.cell_score WHERE run = @run LIMIT 1`, { run }) !== undefined;
}

function runsOf(store: Store, file: 'main' | 'other'): OtherRun[] {
  const sql = `SELECT r.run, r.config_json AS configJson, r.config_sha256 AS configSha256, j.judge_key AS judgeKey,
    j.decoding_json AS decodingJson FROM ${file}.run r LEFT JOIN ${file}.judge j ON j.run = r.run ORDER BY r.run`;
  type Row = Omit<OtherRun, 'judge'> & { judgeKey: string | null; decodingJson: string | null };
  return store.all<Row>(sql).map(({ judgeKey, decodingJson, ...run }) => ({
    ...run,
    judge: judgeKey === null ? undefined : { judgeKey, decoding: JSON.parse(decodingJson!) },
  }));
}

const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`;
