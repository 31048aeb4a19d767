/**
 * What each new token may look at: the first `lengths[row]` past positions of its row, and new tokens up to itself.
 * @returns [rows, 1, step, capacity + step], 0 or −∞
 */
export function causalMask(lengths: readonly number[], step: number, capacity: number): Float32Array {
  const width = capacity + step;
  const mask = new Float32Array(lengths.length * step * width).fill(Number.NEGATIVE_INFINITY);
  lengths.forEach((length, row) => {
    for (let token = 0; token < step; token++) {
      const start = (row * step + token) * width;
      mask.fill(0, start, start + length);
      mask.fill(0, start + capacity, start + capacity + token + 1);
    }
  });
  return mask;
}

/** int64 [rows, step]: each row's new tokens come after the `lengths[row]` stored ones. */
export function positionsAfter(lengths: readonly number[], step: number): BigInt64Array {
  const positions = new BigInt64Array(lengths.length * step);
  lengths.forEach((length, row) => {
    for (let token = 0; token < step; token++) positions[row * step + token] = BigInt(length + token);
  });
  return positions;
}
