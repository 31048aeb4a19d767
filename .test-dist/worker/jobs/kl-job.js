import { measureDivergence } from '../../engine/forced/measure-divergence.js';
/** KL of each continuation, in any order. */
export function klJob({ continuations, ...sides }, signal) {
    return measureDivergence(sides, continuations, signal);
}
