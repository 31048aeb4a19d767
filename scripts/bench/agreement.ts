type Ids = readonly number[];

/** How many of `theirs` are `ours`; an end token at the end, and what an engine puts after it, count for nothing. */
export function countEqual(
  ours: readonly Ids[],
  theirs: readonly Ids[],
  eosTokenIds: Ids,
): { equal: number; total: number } {
  const text = (ids: Ids) => beforeEnd(ids, eosTokenIds).join(' ');
  return {
    equal: ours.filter((ids, index) => text(ids) === text(theirs[index]!)).length,
    total: ours.length,
  };
}

/** Ids up to the first end token. */
export function beforeEnd(ids: Ids, eosTokenIds: Ids): Ids {
  const end = ids.findIndex((id) => eosTokenIds.includes(id));
  return end < 0 ? ids : ids.slice(0, end);
}
