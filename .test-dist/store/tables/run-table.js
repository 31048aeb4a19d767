/** A run: its name, what it compares, and the rule by which a changed configuration starts it anew. */
import { canonicalJson } from '../../core/json.js';
import { sha256 } from '../../core/sha256.js';
import { JUDGE } from '../schema/comparison-tables.js';
import { RUN } from '../schema/run-tables.js';
import { JUDGED_TABLES, RUN_TABLES } from '../schema/tables.js';
import { insertInstructions } from './instruction-table.js';
import { insertComparisons, insertModels } from './model-table.js';
import { fields, inserter } from './statements.js';
/**
 * Starts a run, or continues the one of that name. If its setup differs from before, everything that the run pointed at is
 * deleted in the same transaction; computed content stays and is found again by its content key.
 * @throws InputError `bad-instructions` when an instruction occurs twice
 */
export function openRun(store, setup) {
    const configSha256 = setupSha256(setup);
    return store.transaction(() => {
        const known = readRun(store, setup.run);
        if (known?.configSha256 === configSha256)
            return 'continued';
        upsertRun(store, setup, configSha256);
        for (const { name } of RUN_TABLES)
            deleteRows(store, name, setup.run);
        insertInstructions(store, setup.run, setup.instructions);
        insertModels(store, setup.run, setup.models);
        insertComparisons(store, setup.run, setup.comparisons);
        return known === undefined ? 'new' : 'changed';
    });
}
/** The run has everything that its setup needs. */
export function finishRun(store, run) {
    store.run('UPDATE run SET finished_at = @now WHERE run = @run', { run, now: new Date().toISOString() });
}
export function readRun(store, run) {
    return store.get(`${SELECT_RUN} WHERE run = @run`, { run });
}
/** By name. */
export function readRuns(store) {
    return store.all(`${SELECT_RUN} ORDER BY run`);
}
/** Sets the judge of a run. With another judge, or other settings, the run's verdicts, scores and checks are deleted. */
export function saveJudge(store, run, judge) {
    store.transaction(() => {
        const known = readJudge(store, run);
        if (known !== undefined && canonicalJson({ ...known }) === canonicalJson({ ...judge }))
            return;
        for (const { name } of JUDGED_TABLES)
            deleteRows(store, name, run);
        insertJudge(store, {
            run,
            judge: judge.judge,
            judgeKey: judge.judgeKey,
            decodingJson: canonicalJson(judge.decoding),
            deviationsJson: canonicalJson(judge.deviations),
        });
    });
}
export function readJudge(store, run) {
    const row = store.get('SELECT judge, judge_key AS judgeKey, decoding_json AS decoding, deviations_json AS deviations FROM judge WHERE run = @run', { run });
    return row && { ...row, decoding: JSON.parse(row.decoding), deviations: JSON.parse(row.deviations) };
}
const insertRun = inserter(RUN, ['config_json', 'config_sha256', 'tool_version', 'finished_at']);
const insertJudge = inserter(JUDGE, 'refuse');
const SELECT_RUN = `SELECT ${fields('run', 'config_json', 'config_sha256', 'tool_version', 'started_at', 'finished_at')}
  FROM run`;
function setupSha256({ config, instructions, models, comparisons }) {
    // Spread: an interface has no index signature, a copy of it fits one.
    const rows = (list) => list.map((item) => ({ ...item }));
    return sha256(canonicalJson({
        config,
        instructions: rows(instructions),
        models: rows(models),
        comparisons: rows(comparisons),
    }));
}
/** A run that is there keeps when it was started, and its policy until it is scored again. */
function upsertRun(store, setup, configSha256) {
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
function deleteRows(store, table, run) {
    store.run(`DELETE FROM ${table} WHERE run = @run`, { run });
}
