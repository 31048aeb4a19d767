import { camelCased, defineRead } from './read.js';
/** Scores of a run, under one policy where it is given; by comparison, exit a, exit b, policy. */
export function scoresRead(run, policy) {
    const where = policy === undefined ? 'WHERE run = @run' : 'WHERE run = @run AND policy = @policy';
    const sql = `${SELECT_SCORES}\n${where}\nORDER BY comparison, exit_a, exit_b, policy, malformed_rule`;
    return defineRead(sql, policy === undefined ? { run } : { run, policy });
}
/** Policies that a run was scored under. */
export function policiesRead(run) {
    return defineRead('SELECT DISTINCT policy FROM cell_score WHERE run = @run ORDER BY policy', { run });
}
/** One row: how malformed verdicts were counted; null where nothing is scored. */
export function malformedRuleRead(run) {
    return defineRead('SELECT min(malformed_rule) AS malformed_rule FROM cell_score WHERE run = @run', { run });
}
/** By name. */
export function checksRead(run) {
    return defineRead(SELECT_CHECKS, { run }, { toRow: toCheck });
}
function toCheck(stored) {
    const { passed, ...texts } = camelCased(stored);
    return { ...texts, passed: passed === 1 };
}
const SELECT_SCORES = `SELECT comparison, exit_a, exit_b, policy, malformed_rule, wins, losses, ties, malformed, total, score,
  ci_low, ci_high, p_value, p_holm
FROM cell_score`;
const SELECT_CHECKS = `SELECT check_name AS name, passed, detail
FROM run_check
WHERE run = @run
ORDER BY check_name`;
