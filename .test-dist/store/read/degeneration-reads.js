import { chosenCells } from './cell-choice.js';
import { defineRead } from './read.js';
export function degenerateAnswersRead(run) {
    return defineRead(SELECT_ANSWERS, { run }, { needs: 'degenerate_answers' });
}
/** One row, all 0 where nothing is judged. */
export function degenerateWinsRead(choice) {
    const { where, params } = chosenCells(choice);
    return defineRead(`${SELECT_WINS}\n${where}`, params, { needs: 'degenerate_wins' });
}
const SELECT_ANSWERS = `SELECT model, exit, answers, empty, degenerate
FROM degenerate_answers
WHERE run = @run
ORDER BY model, exit`;
const SELECT_WINS = `SELECT coalesce(sum(wins), 0) AS wins, coalesce(sum(degenerate), 0) AS degenerate,
  coalesce(sum(over_ordinary), 0) AS over_ordinary, coalesce(sum(empty), 0) AS empty
FROM degenerate_wins`;
