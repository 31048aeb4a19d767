/** `exit / layers` in lowest terms: 12 of 40 layers and 3 of 10 are both `3/10`. */
export function relativeDepth(exit, layers) {
    const divisor = greatestCommonDivisor(exit, layers);
    return `${exit / divisor}/${layers / divisor}`;
}
function greatestCommonDivisor(a, b) {
    return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
