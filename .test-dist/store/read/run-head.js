import { readComparisons, readModels } from '../tables/model-table.js';
import { defineRead, readFirst } from './read.js';
/** `undefined` where the file has no such run. */
export function readRunHead(store, run) {
    const row = readFirst(store, defineRead(SELECT, { run }));
    if (row === undefined)
        return undefined;
    const { config: text, ...head } = row;
    const config = JSON.parse(text);
    return {
        ...head,
        models: readModels(store, run).map((model) => ({ ...model, label: labelIn(config, model.model) })),
        comparisons: readComparisons(store, run),
        curves: config.kl?.curves ?? [],
        speedBatchSize: config.speed?.batchSizes?.[0] ?? null,
    };
}
function labelIn({ models = {} }, name) {
    return (Object.hasOwn(models, name) ? models[name]?.label : undefined) ?? name;
}
const SELECT = `SELECT v.run, v.instructions, v.judge, nullif(v.judge_deviations, '') AS judge_deviations, r.policy,
  r.config_json AS config
FROM runs v JOIN run r USING (run)
WHERE v.run = @run`;
