/** A run: its key, what it compares, and the rule by which another setup under its name makes a further run. */

import type { Comparison, Instruction } from '../../core/domain.ts';
import { canonicalJson, type JsonValue } from '../../core/json.ts';
import { sha256 } from '../../core/sha256.ts';
import type { Store } from '../database.ts';
import { RUN } from '../schema/changed-tables.ts';
import { MEASURED_TABLES } from '../schema/tables.ts';
import { insertInstructions, updateMetadata } from './instruction-table.ts';
import { identityJson, isJudged, isSameJudge, type JudgeIdentity, readJudge } from './judge-table.ts';
import { insertComparisons, insertModels, type ModelRecord } from './model-table.ts';
import { fields, inserter } from './statements.ts';
import { parseStoredSetup } from './stored-setup.ts';

/** All that decides which responses, pairs and verdicts belong to a run. */
export interface RunSetup {
  /** The run's name; its key, too, if it is the first of that name. */
  readonly run: string;
  /** The sweep file's setup with its defaults; another one makes another run. */
  readonly config: JsonValue;
  readonly toolVersion: string;
  /** In the order of the set. */
  readonly instructions: readonly Instruction[];
  /** In the order of the sweep file. */
  readonly models: readonly ModelRecord[];
  readonly comparisons: readonly Comparison[];
  /** Missing where nothing is judged, or any judge will do. */
  readonly judge?: JudgeIdentity | undefined;
}

export interface RunRecord {
  /** The run's key: its name, or for a further run of that name `name~` and digits of `configSha256`. */
  readonly run: string;
  readonly configJson: string;
  /** Over config, instructions, models with their content keys, and comparisons. */
  readonly configSha256: string;
  readonly toolVersion: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly finishedAt: string | null;
}

export interface OpenedRun {
  /** Key of the run. */
  readonly run: string;
  readonly state: 'new' | 'continued';
  /** Why it is a further run of its name; missing for the first. */
  readonly other?: 'setup' | 'judge';
}

/**
 * Starts a run, or continues the one with this name, setup and judge. Runs are never overwritten: another setup under a name
 * that is taken, or another judge of verdicts that are stored, becomes a further run, with the key `name~` and the first digits
 * of a hash. What both have in common is computed once, since it is stored under content keys.
 * @throws InputError `bad-instructions` when an instruction occurs twice
 */
export function openRun(store: Store, setup: RunSetup): OpenedRun {
  const configSha256 = setupSha256(setup);
  return store.transaction(() => {
    let other: 'setup' | 'judge' | undefined;
    for (const run of keysFor(setup, configSha256)) {
      const known = readRun(store, run);
      const difference = known && differenceOf(store, known, configSha256, setup.judge);
      if (difference !== undefined) other ??= difference;
      if (difference !== undefined) continue;
      if (known === undefined) startRun(store, run, setup, configSha256);
      else updateMetadata(store, run, setup.instructions);
      if (setup.judge) shareMeasured(store, run, configSha256);
      return { run, state: known ? 'continued' : 'new', ...(other && { other }) };
    }
    throw new Error(`no key is left for a run ${setup.run}`);
  });
}

/** Another judge of the same answers: what another run of the setup has, this one has, too. */
function shareMeasured(store: Store, run: string, configSha256: string): void {
  for (const { name, columns } of MEASURED_TABLES) {
    const others = Object.keys(columns).filter((column) => column !== 'run');
    store.run(
      `INSERT INTO ${name} (run, ${others.join(', ')}) SELECT @run, ${others.map((column) => `t.${column}`).join(', ')}
       FROM ${name} t JOIN run r ON r.run = t.run WHERE r.config_sha256 = @configSha256 AND r.run <> @run
       ON CONFLICT DO NOTHING`,
      { run, configSha256 },
    );
  }
}

/** In what a stored run is another one than that of a setup and a judge. */
function differenceOf(
  store: Store,
  { run, configSha256 }: RunRecord,
  wantedSha256: string,
  judge: JudgeIdentity | undefined,
): 'setup' | 'judge' | undefined {
  if (configSha256 !== wantedSha256) return 'setup';
  const known = judge && readJudge(store, run);
  if (judge === undefined || known === undefined || isSameJudge(known, judge)) return undefined;
  return isJudged(store, run) ? 'judge' : undefined;
}

/** The name itself for the first; that of a setup, and of a setup with its judge; more digits only if two hashes begin alike. */
function keysFor({ run: name, judge }: RunSetup, configSha256: string): string[] {
  const judged = judge === undefined ? configSha256 : sha256(configSha256 + identityJson(judge));
  const hashes = [configSha256.slice(0, 8), ...[8, 16, 64].map((digits) => judged.slice(0, digits))];
  return [name, ...new Set(hashes.map((hash) => `${name}~${hash}`))];
}

function startRun(store: Store, run: string, setup: RunSetup, configSha256: string): void {
  insertRun(store, {
    run,
    configJson: canonicalJson(setup.config),
    configSha256,
    toolVersion: setup.toolVersion,
    startedAt: new Date().toISOString(),
    finishedAt: null,
    policy: null,
    margin: null,
  });
  insertInstructions(store, run, setup.instructions);
  insertModels(store, run, setup.models);
  insertComparisons(store, run, setup.comparisons);
}

/** As the sweep file has it; several runs may have one name. */
export function nameOfRun({ run, configJson }: Pick<RunRecord, 'run' | 'configJson'>): string {
  return parseStoredSetup(configJson, run).name ?? run;
}

/** By how much an exit of the run may be worse than full depth and still count as not worse. */
export function saveMargin(store: Store, run: string, margin: number): void {
  store.run('UPDATE run SET margin = @margin WHERE run = @run', { run, margin });
}

/** The run has everything that its setup needs. */
export function finishRun(store: Store, run: string): void {
  store.run('UPDATE run SET finished_at = @now WHERE run = @run', { run, now: new Date().toISOString() });
}

export function readRun(store: Store, run: string): RunRecord | undefined {
  return store.get<RunRecord>(`${SELECT_RUN} WHERE run = @run`, { run });
}

/** By name. */
export function readRuns(store: Store): RunRecord[] {
  return store.all<RunRecord>(`${SELECT_RUN} ORDER BY run`);
}

const insertRun = inserter(RUN, 'refuse');

const SELECT_RUN = `SELECT ${fields('run', 'config_json', 'config_sha256', 'tool_version', 'started_at', 'finished_at')}
  FROM run`;

function setupSha256({ config, instructions, models, comparisons }: RunSetup): string {
  // Spread: an interface has no index signature, a copy of it fits one.
  const rows = (list: readonly object[]): JsonValue => list.map((item) => ({ ...item }));
  return sha256(
    canonicalJson({
      config,
      instructions: rows(instructions.map(({ metadata, ...decisive }) => decisive)),
      models: rows(models.map(withZeros)),
      comparisons: rows(comparisons),
    }),
  );
}

/** The first hashes were made with 0 for what is not known. */
function withZeros(model: ModelRecord): object {
  return Object.fromEntries(Object.entries(model).map(([name, value]) => [name, value ?? 0]));
}
