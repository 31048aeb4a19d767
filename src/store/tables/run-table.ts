/** A run: its name, what it compares, and the rule by which a changed configuration starts it anew. */

import type { Comparison, Instruction } from '../../core/domain.ts';
import { canonicalJson, type JsonValue } from '../../core/json.ts';
import { sha256 } from '../../core/sha256.ts';
import type { Store } from '../database.ts';
import { JUDGE } from '../schema/comparison-tables.ts';
import { RUN } from '../schema/run-tables.ts';
import { JUDGED_TABLES, RUN_TABLES } from '../schema/tables.ts';
import { insertInstructions } from './instruction-table.ts';
import { insertComparisons, insertModels, type ModelRecord } from './model-table.ts';
import { fields, inserter } from './statements.ts';

/** All that decides which responses and pairs belong to a run, but the judge: see {@link saveJudge}. */
export interface RunSetup {
  readonly run: string;
  /** The sweep file's setup with its defaults; a change of it starts the run anew. */
  readonly config: JsonValue;
  readonly toolVersion: string;
  /** In the order of the set. */
  readonly instructions: readonly Instruction[];
  /** In the order of the sweep file. */
  readonly models: readonly ModelRecord[];
  readonly comparisons: readonly Comparison[];
}

export interface RunRecord {
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

/**
 * Starts a run, or continues the one of that name. If its setup differs from before, everything that the run
 * pointed at is deleted in the same transaction; computed content stays and is found again by its content
 * key.
 * @throws InputError `bad-instructions` when an instruction occurs twice
 */
export function openRun(store: Store, setup: RunSetup): 'new' | 'continued' | 'changed' {
  const configSha256 = setupSha256(setup);
  return store.transaction(() => {
    const known = readRun(store, setup.run);
    if (known?.configSha256 === configSha256) return 'continued';
    upsertRun(store, setup, configSha256);
    for (const { name } of RUN_TABLES) deleteRows(store, name, setup.run);
    insertInstructions(store, setup.run, setup.instructions);
    insertModels(store, setup.run, setup.models);
    insertComparisons(store, setup.run, setup.comparisons);
    return known === undefined ? 'new' : 'changed';
  });
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
  return row && { ...row, decoding: JSON.parse(row.decoding), deviations: JSON.parse(row.deviations) };
}

const insertRun = inserter(RUN, ['config_json', 'config_sha256', 'tool_version', 'finished_at']);
const insertJudge = inserter(JUDGE, 'refuse');

const SELECT_RUN = `SELECT ${fields('run', 'config_json', 'config_sha256', 'tool_version', 'started_at', 'finished_at')}
  FROM run`;

function setupSha256({ config, instructions, models, comparisons }: RunSetup): string {
  // Spread: an interface has no index signature, a copy of it fits one.
  const rows = (list: readonly object[]): JsonValue => list.map((item) => ({ ...item }));
  return sha256(
    canonicalJson({
      config,
      instructions: rows(instructions),
      models: rows(models),
      comparisons: rows(comparisons),
    }),
  );
}

/** A run that is there keeps when it was started, and its policy until it is scored again. */
function upsertRun(store: Store, setup: RunSetup, configSha256: string): void {
  insertRun(store, {
    run: setup.run,
    configJson: canonicalJson(setup.config),
    configSha256,
    toolVersion: setup.toolVersion,
    startedAt: new Date().toISOString(),
    finishedAt: null,
    policy: null,
  });
}

function deleteRows(store: Store, table: string, run: string): void {
  store.run(`DELETE FROM ${table} WHERE run = @run`, { run });
}
