/**
 * Spearman's rank correlation ρ: Pearson's correlation of the ranks, equal values sharing their mean rank.
 *
 * @param pairs two numbers of one thing each, such as a published score and ours
 * @returns in [−1, 1]; `undefined` below two pairs, or where all values of a side are equal: there is no
 * order to compare
 */
export function spearman(pairs: readonly (readonly [number, number])[]): number | undefined {
  const left = ranks(pairs.map(([value]) => value));
  const right = ranks(pairs.map(([, value]) => value));
  const middle = (pairs.length + 1) / 2;
  const products = (one: readonly number[], other: readonly number[]) =>
    one.reduce((total, rank, index) => total + (rank - middle) * (other[index]! - middle), 0);
  const spread = Math.sqrt(products(left, left) * products(right, right));
  return spread === 0 ? undefined : products(left, right) / spread;
}

/** Rank of each value, from 1; equal values get the mean of the ranks they take up. */
export function ranks(values: readonly number[]): number[] {
  const ascending = [...values].sort((one, other) => one - other);
  const first = new Map<number, number>();
  const last = new Map<number, number>();
  for (const [index, value] of ascending.entries()) {
    if (!first.has(value)) first.set(value, index + 1);
    last.set(value, index + 1);
  }
  return values.map((value) => (first.get(value)! + last.get(value)!) / 2);
}
