import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { RESULTS_FILE } from '../config/results-file.js';
import { readSweepConfig } from '../config/sweep-file.js';
import { VERSION } from '../core/version.js';
import { readInstructions } from '../data/instructions.js';
import { modelSize } from '../model/folder/model-size.js';
import { prepareJudge } from '../sources/prepare-judge.js';
import { withoutTransport } from '../sources/source-schemas.js';
import { isFolderModel, prepareModels } from '../sources/sweep-models.js';
import { openStore } from '../store/database.js';
import { openRun } from '../store/tables/run-table.js';
import { checkSpeed, planComparisons, planCurves } from './plan/plan-comparisons.js';
import { planScorer } from './plan/plan-scorer.js';
/**
 * Reads the sweep file, imports checkpoints that are not imported yet, hashes weights on their first use and opens the
 * results file. Nothing is computed yet, and whatever does not fit is found before the results file is touched.
 * @throws InputError for whatever does not fit
 */
export async function openSweep(path, { output, ...options }) {
    const { config: named, written } = readSweepConfig(path);
    const config = { ...named, output: output ?? named.output };
    const instructions = readInstructions(config.instructions).slice(0, config.limit);
    const results = join(config.output, RESULTS_FILE);
    // Tells of an unusable results file before gigabytes of weights are read.
    if (existsSync(results))
        openStore(results).close();
    const models = await prepareModels(config, instructions, options);
    const openJudge = await prepareJudge(config, options);
    const comparisons = planComparisons(config, models, path);
    checkSpeed(config, models, path);
    const curves = planCurves(config, models, path);
    const scorer = planScorer(config, models, path);
    const store = openStore(results);
    const sweep = {
        config,
        run: config.name,
        store,
        instructions,
        models,
        comparisons,
        curves,
        scorer,
        openJudge,
        ...options,
    };
    try {
        registerRun(sweep, written);
        return sweep;
    }
    catch (error) {
        store.close();
        throw error;
    }
}
export function closeSweep({ store }) {
    store.close();
}
/** Judge, likelihood's reference, limits and how verdicts are counted may change without touching what was answered, so they are no part of the run's setup. */
function registerRun(sweep, written) {
    const { judge, policy, malformed, identical, limits, likelihood, ...rest } = written;
    const models = Object.entries(rest.models).map(([name, model]) => [name, withoutTransport(model)]);
    const setup = { ...rest, models: Object.fromEntries(models) };
    openRun(sweep.store, {
        run: sweep.run,
        config: JSON.parse(JSON.stringify(setup)),
        toolVersion: VERSION,
        instructions: sweep.instructions,
        comparisons: sweep.comparisons,
        models: [...sweep.models.values()].map(toRecord),
    });
}
function toRecord(model) {
    const { name, exits, keys } = model;
    const subModels = [...keys].map(([exit, subModelKey]) => ({ exit, subModelKey }));
    if (!isFolderModel(model))
        return { ...UNKNOWN_MODEL, model: name, layers: exits.at(-1), subModels };
    const { kind, architecture, precision } = model.manifest;
    return {
        model: name,
        kind,
        layers: architecture.layers,
        precision,
        ...modelSize(model.manifest),
        subModels,
    };
}
/** Of a model behind a server or in a file only the answers are known. */
const UNKNOWN_MODEL = {
    kind: 'plain',
    precision: 'unknown',
    bodyParameters: 0,
    embeddingParameters: 0,
    headParameters: 0,
    extraHeadParameters: 0,
    weightBytes: 0,
    extraHeadBytes: 0,
};
