/** A share that keeps its evidence. */
export interface Share {
  readonly count: number;
  /** What `count` is a part of. */
  readonly total: number;
  /** count / total, in [0, 1]; `undefined` where total is 0, for no data is not 0. */
  readonly share: number | undefined;
}

export function shareOf(count: number, total: number): Share {
  return { count, total, share: total === 0 ? undefined : count / total };
}

/** 97.5 % of the standard normal distribution lie below it. */
const Z = 1.959964;

/** Wilson's 95 % interval of a share (Wilson 1927), in [0, 1]; `undefined` without data. */
export function shareInterval({
  count,
  total,
}: Pick<Share, 'count' | 'total'>): readonly [number, number] | undefined {
  if (total === 0) return undefined;
  const square = Z * Z;
  const middle = count + square / 2;
  const half = Z * Math.sqrt((count * (total - count)) / total + square / 4);
  // At 0 and 1 the last bits could lead beyond.
  return [Math.max(0, (middle - half) / (total + square)), Math.min(1, (middle + half) / (total + square))];
}
