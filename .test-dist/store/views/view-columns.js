/** Descriptions of view columns, and those that several views share. */
import { MEANING } from '../schema/column-meanings.js';
export const text = (meaning) => column('TEXT', meaning);
export const integer = (meaning) => column('INTEGER', meaning);
export const real = (meaning) => column('REAL', meaning);
function column(type, meaning) {
    return typeof meaning === 'string'
        ? { type, meaning }
        : { type, meaning: meaning[0], whenNull: meaning[1] };
}
/** A sub-model of a run. */
export const SUB_MODEL_COLUMNS = {
    run: text(MEANING.run),
    model: text(MEANING.model),
    exit: integer(MEANING.exit),
};
/** A cell of a comparison. */
export const CELL_COLUMNS = {
    run: text(MEANING.run),
    comparison: text(MEANING.comparison),
    model_a: text(MEANING.model_a),
    exit_a: integer(MEANING.exit_a),
    model_b: text(MEANING.model_b),
    exit_b: integer(MEANING.exit_b),
};
export const CELL_ORDER = ['run', 'comparison', 'exit_a', 'exit_b'];
/** Whose verdicts the numbers of a row come from. */
export const JUDGE_COLUMNS = {
    judge: text(MEANING.judge),
    judge_deviations: text(MEANING.judge_deviations),
};
