export function readDegenerateAnswers(store, run) {
    return store.all('SELECT model, exit, answers, empty, degenerate FROM degenerate_answers WHERE run = @run ORDER BY model, exit', { run });
}
/** All 0 where nothing is judged. */
export function readDegenerateWins(store, run, comparison) {
    return store.get(`SELECT coalesce(sum(wins), 0) AS wins, coalesce(sum(degenerate), 0) AS degenerate
     FROM degenerate_wins WHERE run = @run AND comparison = @comparison`, { run, comparison });
}
