/** Order `ab` first; `[]` where nothing is judged. */
export function readOrderCounts(store, run, comparison) {
    return store.all(`SELECT ord AS "order", sum(wins) AS wins, sum(losses) AS losses, sum(ties) AS ties, sum(malformed) AS malformed
     FROM cells WHERE run = @run AND comparison = @comparison GROUP BY ord ORDER BY ord`, { run, comparison });
}
/** Undefined where no cell has a pair with two readable verdicts. */
export function readWorstCell(store, run, comparison) {
    return store.get(`SELECT exit_a AS exitA, exit_b AS exitB, pairs AS readPairs, flips FROM position_bias
     WHERE run = @run AND comparison = @comparison AND pairs > 0 ORDER BY flip_rate DESC, exit_a, exit_b LIMIT 1`, { run, comparison });
}
/** All 0 where no pair is judged in both orders. */
export function readPositionBias(store, run, comparison) {
    return store.get(`SELECT coalesce(sum(pairs), 0) AS readPairs, coalesce(sum(flips), 0) AS flips,
       coalesce(sum(named_slots), 0) AS namedSlots, coalesce(sum(first_slots), 0) AS firstSlots
     FROM position_bias WHERE run = @run AND comparison = @comparison`, { run, comparison });
}
