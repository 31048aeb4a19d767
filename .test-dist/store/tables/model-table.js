import { CELL, COMPARISON } from '../schema/comparison-tables.js';
import { MODEL, SUB_MODEL } from '../schema/run-tables.js';
import { fields, inserter } from './statements.js';
/** Part of `openRun`. */
export function insertModels(store, run, models) {
    for (const [position, { subModels, ...model }] of models.entries()) {
        insertModel(store, { run, position, ...model });
        for (const { exit, subModelKey } of subModels) {
            insertSubModel(store, { run, model: model.model, exit, subModelKey });
        }
    }
}
/** Part of `openRun`. Each comparison gets a cell for every pair of its exits. */
export function insertComparisons(store, run, comparisons) {
    for (const [position, { name, modelA, modelB, exitsA, exitsB }] of comparisons.entries()) {
        const comparison = { run, comparison: name, modelA, modelB };
        insertComparison(store, { ...comparison, position });
        for (const exitA of exitsA) {
            for (const exitB of exitsB)
                insertCell(store, { ...comparison, exitA, exitB });
        }
    }
}
/** In the order of the sweep file. */
export function readModels(store, run) {
    const models = store.all(SELECT_MODEL, { run });
    const subModels = store.all(`SELECT ${fields('model', 'exit', 'sub_model_key')} FROM sub_model WHERE run = @run ORDER BY model, exit`, { run });
    return models.map((model) => ({
        ...model,
        subModels: subModels
            .filter((subModel) => subModel.model === model.model)
            .map(({ exit, subModelKey }) => ({ exit, subModelKey })),
    }));
}
/** In the order of the sweep file. */
export function readComparisons(store, run) {
    const names = store.all(`SELECT comparison AS name, ${fields('model_a', 'model_b')} FROM comparison WHERE run = @run ORDER BY position`, { run });
    return names.map((comparison) => {
        const cells = readCells(store, run, comparison.name);
        const exitsA = [...new Set(cells.map(({ exitA }) => exitA))];
        const exitsB = [...new Set(cells.map(({ exitB }) => exitB))];
        return { ...comparison, exitsA, exitsB };
    });
}
/** By exit a, then exit b. */
export function readCells(store, run, comparison) {
    return store.all(`SELECT ${fields('exit_a', 'exit_b')} FROM cell WHERE run = @run AND comparison = @comparison
     ORDER BY exit_a, exit_b`, { run, comparison });
}
const insertModel = inserter(MODEL, 'refuse');
const insertSubModel = inserter(SUB_MODEL, 'refuse');
const insertComparison = inserter(COMPARISON, 'refuse');
const insertCell = inserter(CELL, 'refuse');
const SELECT_MODEL = `SELECT ${fields('model', 'kind', 'layers', 'precision', 'body_parameters', 'embedding_parameters')},
  ${fields('head_parameters', 'extra_head_parameters', 'weight_bytes', 'extra_head_bytes')}
  FROM model WHERE run = @run ORDER BY position`;
