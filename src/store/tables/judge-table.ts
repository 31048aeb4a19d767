/** The judge of a run: who it is, how it decodes, and what depends on it. */

import { canonicalJson, type JsonValue } from '../../core/json.ts';
import type { JudgeModel } from '../../judge/judge-model.ts';
import { isObject, isStrings, parseStoredJson } from '../damage/stored-json.ts';
import type { Store } from '../database.ts';
import { JUDGE } from '../schema/changed-tables.ts';
import { JUDGED_TABLES } from '../schema/tables.ts';
import { fields, inserter } from './statements.ts';

/** What verdicts depend on. */
export interface JudgeIdentity {
  /** Content key of the judge: model files, tokenizer, precision. */
  readonly judgeKey: string;
  readonly decoding: JsonValue;
}

export interface JudgeRecord extends JudgeIdentity {
  readonly judge: string;
  /** How it differs from the settings of its protocol's authors, each in a few words; `[]`: faithful. */
  readonly deviations: readonly string[];
  /** Missing: not known. */
  readonly model?: JudgeModel | undefined;
  /** The judge in the sweep file; missing where none names it. */
  readonly setup?: JsonValue | undefined;
}

/**
 * Sets the judge of a run. With another one, or another decoding, the run's verdicts, scores and checks are deleted: a sweep
 * makes another run instead (`openRun`).
 */
export function saveJudge(store: Store, run: string, judge: JudgeRecord): void {
  store.transaction(() => {
    const known = readJudge(store, run);
    if (known !== undefined && isSameJudge(known, judge)) return updateJudge(store, rowOf(run, judge));
    for (const { name } of JUDGED_TABLES) store.run(`DELETE FROM ${name} WHERE run = @run`, { run });
    insertJudge(store, rowOf(run, judge));
  });
}

export function isSameJudge(one: JudgeIdentity, other: JudgeIdentity): boolean {
  return identityJson(one) === identityJson(other);
}

/** The same text for the same judge. */
export function identityJson({ judgeKey, decoding }: JudgeIdentity): string {
  return canonicalJson({ judgeKey, decoding });
}

export function readJudge(store: Store, run: string): JudgeRecord | undefined {
  const row = store.get<JudgeRow>(`${SELECT_JUDGE} WHERE run = @run`, { run });
  if (row === undefined) return undefined;
  const { judge, judgeKey, model: name, parameters, source, setupJson } = row;
  const place = (column: string) => ({ table: JUDGE.name, column, key: run });
  return {
    judge,
    judgeKey,
    decoding: parseStoredJson(row.decodingJson, place('decoding_json'), isObject),
    deviations: parseStoredJson(row.deviationsJson, place('deviations_json'), isStrings),
    ...(name !== null && { model: { name, parameters, source: source ?? '' } }),
    ...(setupJson !== null && { setup: parseStoredJson(setupJson, place('setup_json'), isObject) }),
  };
}

/** Whether verdicts of the run are stored. */
export function isJudged(store: Store, run: string): boolean {
  return store.get('SELECT 1 FROM judged_pair WHERE run = @run LIMIT 1', { run }) !== undefined;
}

type JudgeRow = Parameters<ReturnType<typeof inserter<typeof JUDGE>>>[1];

function rowOf(run: string, { judge, judgeKey, decoding, deviations, model, setup }: JudgeRecord): JudgeRow {
  return {
    run,
    judge,
    judgeKey,
    decodingJson: canonicalJson(decoding),
    deviationsJson: canonicalJson(deviations),
    model: model?.name ?? null,
    parameters: model?.parameters ?? null,
    source: model?.source ?? null,
    setupJson: setup === undefined ? null : canonicalJson(setup),
  };
}

const insertJudge = inserter(JUDGE, 'refuse');
const updateJudge = inserter(JUDGE, [
  ...(['judge', 'deviations_json', 'model', 'parameters', 'source', 'setup_json'] as const),
]);

const SELECT_JUDGE = `SELECT ${fields(...Object.keys(JUDGE.columns))} FROM judge`;
