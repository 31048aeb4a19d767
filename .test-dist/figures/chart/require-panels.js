import { InputError } from '../../core/errors.js';
/** A figure without data is an error and not an empty frame. */
export function requireData(figure, what, items) {
    if (items.length > 0)
        return;
    throw new InputError({
        code: 'empty',
        where: `figure ${figure}`,
        expected: `at least one ${what}`,
        found: 'none',
        fix: 'Run the stages that make these numbers before drawing, or name a run that has them.',
    });
}
/** Numbers come from our own store: one that is not finite is a bug upstream and must not become a blank. */
export function requireFinite(figure, value) {
    if (!Number.isFinite(value))
        throw new RangeError(`figure ${figure}: cannot draw the number ${value}`);
    return value;
}
