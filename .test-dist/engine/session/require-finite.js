import { InputError } from '../../core/errors.js';
/**
 * Weights that hold NaN or infinity give numbers like them, and the largest of NaNs is token 0: an answer that looks like
 * one.
 * @throws InputError `bad-checkpoint`
 */
export function requireFinite(values, graph) {
    const wrong = values.find((value) => !Number.isFinite(value));
    if (wrong === undefined)
        return;
    throw new InputError({
        code: 'bad-checkpoint',
        where: graph,
        expected: 'finite numbers',
        found: `${wrong}`,
        fix: 'Weights are damaged, or config.json is another model’s: sorted-eval doctor <folder> tells which.',
    });
}
