/** A run: its key, what it compares, and the rule by which another setup under its name makes a further run. */

import type { Comparison, Instruction } from '../../core/domain.ts';
import { canonicalJson, type JsonValue } from '../../core/json.ts';
import { sha256 } from '../../core/sha256.ts';
import type { Store } from '../database.ts';
import { RUN } from '../schema/changed-tables.ts';
import { JUDGE } from '../schema/comparison-tables.ts';
import { JUDGED_TABLES } from '../schema/tables.ts';
import { isObject, isStrings, parseStoredJson } from '../stored-json.ts';
import { insertInstructions, updateMetadata } from './instruction-table.ts';
import { insertComparisons, insertModels, type ModelRecord } from './model-table.ts';
import { fields, inserter } from './statements.ts';
import { parseStoredSetup } from './stored-setup.ts';

/** All that decides which responses and pairs belong to a run, but the judge: see {@link saveJudge}. */
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

export interface JudgeRecord {
  readonly judge: string;
  /** Content key of the judge: model files, tokenizer, precision. */
  readonly judgeKey: string;
  readonly decoding: JsonValue;
  /** How it differs from the settings of its protocol's authors, each in a few words; `[]`: faithful. */
  readonly deviations: readonly string[];
}

export interface OpenedRun {
  /** Key of the run. */
  readonly run: string;
  readonly state: 'new' | 'continued';
}

/**
 * Starts a run, or continues the one with this name and setup. Runs are never overwritten: another setup under a name that
 * is taken becomes a further run, with the key `name~` and the first digits of its setup's hash. What both have in common
 * is computed once, since it is stored under content keys.
 * @throws InputError `bad-instructions` when an instruction occurs twice
 */
export function openRun(store: Store, setup: RunSetup): OpenedRun {
  const configSha256 = setupSha256(setup);
  return store.transaction(() => {
    for (const run of keysFor(setup.run, configSha256)) {
      const known = readRun(store, run);
      if (known?.configSha256 === configSha256) {
        updateMetadata(store, run, setup.instructions);
        return { run, state: 'continued' };
      }
      if (known !== undefined) continue;
      startRun(store, run, setup, configSha256);
      return { run, state: 'new' };
    }
    throw new Error(`no key is left for a run ${setup.run}`);
  });
}

/** The name itself for the first; more digits only if two hashes begin alike. */
function keysFor(name: string, sha256: string): string[] {
  return [name, ...[8, 16, 64].map((digits) => `${name}~${sha256.slice(0, digits)}`)];
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
  });
  insertInstructions(store, run, setup.instructions);
  insertModels(store, run, setup.models);
  insertComparisons(store, run, setup.comparisons);
}

/** As the sweep file has it; several runs may have one name. */
export function nameOfRun({ run, configJson }: Pick<RunRecord, 'run' | 'configJson'>): string {
  return parseStoredSetup(configJson, run).name ?? run;
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

/**
 * Sets the judge of a run. With another judge, or other settings, the run's verdicts, scores and checks are
 * deleted.
 */
export function saveJudge(store: Store, run: string, judge: JudgeRecord): void {
  store.transaction(() => {
    const known = readJudge(store, run);
    if (known !== undefined && canonicalJson({ ...known }) === canonicalJson({ ...judge })) return;
    for (const { name } of JUDGED_TABLES) deleteRows(store, name, run);
    insertJudge(store, {
      run,
      judge: judge.judge,
      judgeKey: judge.judgeKey,
      decodingJson: canonicalJson(judge.decoding),
      deviationsJson: canonicalJson(judge.deviations),
    });
  });
}

export function readJudge(store: Store, run: string): JudgeRecord | undefined {
  const row = store.get<{ judge: string; judgeKey: string; decoding: string; deviations: string }>(
    'SELECT judge, judge_key AS judgeKey, decoding_json AS decoding, deviations_json AS deviations FROM judge WHERE run = @run',
    { run },
  );
  if (row === undefined) return undefined;
  const place = (column: string) => ({ table: 'judge', column, key: run });
  return {
    ...row,
    decoding: parseStoredJson(row.decoding, place('decoding_json'), isObject),
    deviations: parseStoredJson(row.deviations, place('deviations_json'), isStrings),
  };
}

const insertRun = inserter(RUN, 'refuse');
const insertJudge = inserter(JUDGE, 'refuse');

const SELECT_RUN = `SELECT ${fields('run', 'config_json', 'config_sha256', 'tool_version', 'started_at', 'finished_at')}
  FROM run`;

function setupSha256({ config, instructions, models, comparisons }: RunSetup): string {
  // Spread: an interface has no index signature, a copy of it fits one.
  const rows = (list: readonly object[]): JsonValue => list.map((item) => ({ ...item }));
  return sha256(
    canonicalJson({
      config,
      instructions: rows(instructions.map(({ metadata, ...decisive }) => decisive)),
      models: rows(models),
      comparisons: rows(comparisons),
    }),
  );
}

function deleteRows(store: Store, table: string, run: string): void {
  store.run(`DELETE FROM ${table} WHERE run = @run`, { run });
}
