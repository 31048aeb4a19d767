import { causalMask, positionsAfter } from './mask.js';
/**
 * The input of a step whose new tokens come after the `lengths[row]` stored ones of their row and attend to these and to
 * new tokens up to themselves.
 */
export function causalStep(lengths, queryLength, past, rope) {
    return {
        rows: lengths.length,
        queryLength,
        positionIds: positionsAfter(lengths, queryLength),
        mask: causalMask(lengths, queryLength, past.capacity),
        past,
        ...(rope && { rope }),
    };
}
