import { isFolderModel, requireExit } from '../../sources/sweep-models.js';
import { withWeights } from './plan-comparisons.js';
/**
 * The one that the sweep file names; else that of its first KL curve; else the last exit of the first SFT model, or of the first
 * model, that runs in this process. None where none does.
 * @param path of the sweep file, for the errors
 * @throws InputError `unknown-exit`, or `bad-config` for a model of which only answers are known
 */
export function planScorer({ likelihood, kl }, models, path) {
    const named = likelihood ?? kl?.curves[0];
    if (!named)
        return firstScorer([...models.values()].filter(isFolderModel));
    const where = `${path}: likelihood`;
    const model = withWeights(models.get(named.reference), `${where}.reference`);
    const exit = named.referenceExit ?? model.exits.at(-1);
    requireExit(model, exit, `${where}.referenceExit`);
    return { model, exit };
}
function firstScorer(models) {
    const model = models.find(({ manifest }) => manifest.kind === 'sft') ?? models[0];
    return model && { model, exit: model.exits.at(-1) };
}
