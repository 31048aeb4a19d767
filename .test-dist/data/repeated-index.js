import { InputError } from '../core/errors.js';
/** @throws InputError where two records carry one number: which of them is meant cannot be told. */
export function refuseRepeatedIndices(records, code) {
    const places = new Map();
    for (const { index, where } of records) {
        const first = places.get(index);
        if (first !== undefined) {
            throw new InputError({
                code,
                where,
                expected: 'each idx once',
                found: `idx ${index}, which ${first} has too`,
                fix: 'Remove one of the two records.',
            });
        }
        places.set(index, where);
    }
}
