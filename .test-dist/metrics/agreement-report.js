/** A judge against people: every number of `sorted-eval agreement`, beside the protocol that it depends on. */
import { drawResamples } from './bootstrap.js';
import { confusionMatrix } from './confusion.js';
import { agreement, agreementIntervals, agreementScores, unanimousShare, } from './human-agreement.js';
/** @throws RangeError where no pair is left to count */
export function agreementReport(pairs, options) {
    const { malformedRule, ...source } = options;
    const numbers = agreement(pairs, malformedRule);
    const resamples = drawResamples(pairs.map(({ promptId }) => promptId), { seed: options.seed });
    return {
        ...source,
        ...numbers,
        pairs: pairs.length,
        prompts: resamples.ids.length,
        annotators: Math.max(...pairs.map(({ annotations }) => annotations.length)),
        withoutMajority: pairs.filter(({ annotations }) => hasNoMajority(annotations)).length,
        unanimous: unanimousShare(pairs),
        intervals: agreementIntervals(pairs, malformedRule, resamples),
        resamples: resamples.multiplicities.length,
        byModels: agreementByModels(pairs, malformedRule),
    };
}
/** One entry for each pair of models, by name. */
export function agreementByModels(pairs, rule) {
    const groups = new Map();
    for (const pair of pairs) {
        if (pair.models === undefined)
            continue;
        const group = groups.get(pair.models);
        if (group)
            group.push(pair);
        else
            groups.set(pair.models, [pair]);
    }
    return [...groups.keys()].sort().map((models) => {
        const group = groups.get(models);
        const confusion = confusionMatrix(group, rule);
        const { accuracy } = agreementScores(confusion);
        const counted = !Number.isNaN(accuracy);
        return { models, pairs: group.length, confusion, accuracy: counted ? accuracy : undefined };
    });
}
function hasNoMajority(annotations) {
    return annotations.length > 1 && new Set(annotations).size === annotations.length;
}
