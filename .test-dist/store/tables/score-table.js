import { CELL_SCORE } from '../schema/comparison-tables.js';
import { RUN_CHECK } from '../schema/run-tables.js';
import { inserter } from './statements.js';
/** Replaces all scores of a run; `policy` is the one that the view `scores` shows. */
export function saveScores(store, run, policy, scores) {
    store.transaction(() => {
        store.run('UPDATE run SET policy = @policy WHERE run = @run', { run, policy });
        store.run('DELETE FROM cell_score WHERE run = @run', { run });
        for (const score of scores)
            insertScore(store, { run, ...score });
    });
}
/** Replaces all checks of a run. */
export function saveChecks(store, run, checks) {
    store.transaction(() => {
        store.run('DELETE FROM run_check WHERE run = @run', { run });
        for (const { name, passed, detail } of checks) {
            insertCheck(store, { run, checkName: name, passed: Number(passed), detail });
        }
    });
}
const insertScore = inserter(CELL_SCORE, 'refuse');
const insertCheck = inserter(RUN_CHECK, 'refuse');
