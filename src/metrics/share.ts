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
