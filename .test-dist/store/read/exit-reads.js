import { defineRead } from './read.js';
/** Means of all curves of a run. */
export function klPointsRead(run) {
    return defineRead(SELECT_KL, { run });
}
export function qualityRead(run) {
    return defineRead(SELECT_QUALITY, { run });
}
/** At every batch size that was measured. */
export function exitSpeedRead(run) {
    return defineRead(SELECT_SPEED, { run });
}
/** One row for each exit of each model. */
export function qualitySpeedRead(run, batchSize) {
    return defineRead(SELECT_QUALITY_SPEED, { run, batchSize });
}
/** In the order of the sweep file. */
export function modelParametersRead(run) {
    return defineRead(SELECT_PARAMETERS, { run });
}
const SELECT_KL = `SELECT curve, model, exit, reference_model, reference_exit, position, mean_kl_nats, instructions
FROM kl_curves
WHERE run = @run
ORDER BY curve, model, exit, reference_model, reference_exit, position`;
const SELECT_QUALITY = `SELECT model, exit, "right", total, exact_match
FROM quality
WHERE run = @run
ORDER BY model, exit`;
const SELECT_SPEED = `SELECT model, exit, batch_size, tokens_per_second
FROM exit_speed
WHERE run = @run
ORDER BY model, exit, batch_size`;
const SELECT_QUALITY_SPEED = `SELECT model, exit, exact_match, tokens_per_second
FROM sub_model
LEFT JOIN (SELECT * FROM quality WHERE run = @run) USING (run, model, exit)
LEFT JOIN (SELECT * FROM exit_speed WHERE run = @run AND batch_size = @batchSize) USING (run, model, exit)
WHERE run = @run
ORDER BY model, exit`;
const SELECT_PARAMETERS = `SELECT model, layers, body_parameters, embedding_parameters, head_parameters, extra_head_parameters
FROM models
WHERE run = @run
ORDER BY position`;
