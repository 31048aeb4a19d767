import { InputError } from '../../core/errors.js';
import { WARM_UP_STEPS } from '../../engine/greedy/decode-speed.js';
import { isFolderModel, requireExit } from '../../sources/sweep-models.js';
import { vocabularyDifference } from './vocabulary.js';
/**
 * The comparisons of a sweep file, in its order.
 * @param path of the sweep file, for the errors
 * @throws InputError `unknown-exit`
 */
export function planComparisons({ comparisons }, models, path) {
    return comparisons.map(({ a, b, exitsA, exitsB }, index) => {
        const where = `${path}: comparisons.${index}`;
        return {
            name: `${a} against ${b}`,
            modelA: a,
            modelB: b,
            exitsA: usedExits(models.get(a), exitsA, `${where}.exitsA`),
            exitsB: usedExits(models.get(b), exitsB, `${where}.exitsB`),
        };
    });
}
function usedExits(model, chosen, where) {
    for (const exit of chosen ?? [])
        requireExit(model, exit, where);
    return chosen ?? model.exits;
}
/** @throws InputError `bad-config` where the timed steps do not fit into a model's context */
export function checkSpeed({ speed }, models, path) {
    for (const { name, manifest } of [...models.values()].filter(isFolderModel)) {
        const room = manifest.architecture.contextLength - WARM_UP_STEPS - 1;
        if (speed.steps <= room)
            continue;
        throw new InputError({
            code: 'bad-config',
            where: `${path}: speed.steps`,
            expected: `at most ${room} steps, which fit into the context of ${name}`,
            found: `${speed.steps}`,
            fix: 'Time fewer steps.',
        });
    }
}
/**
 * The KL curves of a sweep file, in its order.
 * @throws InputError `unknown-exit`, or `bad-config` where two models cannot be compared
 */
export function planCurves({ kl }, models, path) {
    return (kl?.curves ?? []).map((config, index) => ({
        ...planCurve(config, models, `${path}: kl.curves.${index}`),
        positions: kl.positions,
    }));
}
function planCurve(config, models, where) {
    const model = withWeights(models.get(config.model), `${where}.model`);
    const reference = withWeights(models.get(config.reference), `${where}.reference`);
    const referenceExit = config.referenceExit ?? reference.exits.at(-1);
    requireExit(reference, referenceExit, `${where}.referenceExit`);
    const difference = vocabularyDifference(model, reference);
    if (difference !== undefined)
        throw notComparable(config, where, difference);
    return { name: `${model.name} from ${reference.name}@${referenceExit}`, model, reference, referenceExit };
}
/** @throws InputError `bad-config` for a model of which only answers are known */
export function withWeights(model, where) {
    if (isFolderModel(model))
        return model;
    throw new InputError({
        code: 'bad-config',
        where,
        expected: 'a model that runs in this process (`path: …`)',
        found: `${model.name}, of which only answers are known`,
        fix: 'Name another: distributions over tokens are known only of models in this process.',
    });
}
function notComparable({ model, reference }, where, found) {
    return new InputError({
        code: 'bad-config',
        where,
        expected: 'two models with one vocabulary',
        found: `${found} in ${model} and ${reference}`,
        fix: 'Remove the curve: distributions over different vocabularies cannot be compared.',
    });
}
