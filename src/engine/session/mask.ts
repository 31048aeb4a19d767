/**
 * What each new token attends to: the first `lengths[row]` past positions of its row, and new tokens up to
 * itself. Of all these, those before the last `window` are hidden, as in transformers' `sliding_window_overlay`
 * (masking_utils.py): the token itself is one of them.
 * @param queryLength S: new tokens of each row
 * @returns [rows, 1, S, capacity + S], 0 or −∞
 */
export function causalMask(
  lengths: readonly number[],
  queryLength: number,
  capacity: number,
  window = Number.POSITIVE_INFINITY,
): Float32Array {
  const width = capacity + queryLength;
  const mask = new Float32Array(lengths.length * queryLength * width).fill(Number.NEGATIVE_INFINITY);
  lengths.forEach((length, row) => {
    for (let token = 0; token < queryLength; token++) {
      const start = (row * queryLength + token) * width;
      const first = firstInWindow(length + token, window);
      mask.fill(0, start + Math.min(first, length), start + length);
      mask.fill(0, start + capacity + Math.max(0, first - length), start + capacity + token + 1);
    }
  });
  return mask;
}

/** The first position that a token at `position` attends to. */
export function firstInWindow(position: number, window: number): number {
  return Math.max(0, position - window + 1);
}

/** int64 [rows, S]: each row's S new tokens come after the `lengths[row]` stored ones. */
export function positionsAfter(lengths: readonly number[], queryLength: number): BigInt64Array {
  const positions = new BigInt64Array(lengths.length * queryLength);
  lengths.forEach((length, row) => {
    for (let token = 0; token < queryLength; token++)
      positions[row * queryLength + token] = BigInt(length + token);
  });
  return positions;
}
