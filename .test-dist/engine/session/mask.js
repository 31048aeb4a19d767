/**
 * What each new token attends to: the first `lengths[row]` past positions of its row, and new tokens up to itself.
 * @param queryLength S: new tokens of each row
 * @returns [rows, 1, S, capacity + S], 0 or −∞
 */
export function causalMask(lengths, queryLength, capacity) {
    const width = capacity + queryLength;
    const mask = new Float32Array(lengths.length * queryLength * width).fill(Number.NEGATIVE_INFINITY);
    lengths.forEach((length, row) => {
        for (let token = 0; token < queryLength; token++) {
            const start = (row * queryLength + token) * width;
            mask.fill(0, start, start + length);
            mask.fill(0, start + capacity, start + capacity + token + 1);
        }
    });
    return mask;
}
/** int64 [rows, S]: each row's S new tokens come after the `lengths[row]` stored ones. */
export function positionsAfter(lengths, queryLength) {
    const positions = new BigInt64Array(lengths.length * queryLength);
    lengths.forEach((length, row) => {
        for (let token = 0; token < queryLength; token++)
            positions[row * queryLength + token] = BigInt(length + token);
    });
    return positions;
}
