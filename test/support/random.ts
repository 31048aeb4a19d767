/** Seeded numbers, so that a failing test fails again. */
export interface Random {
  /** In [0, 1). */
  uniform(): number;
  /** Whole number in 0 … limit − 1. */
  below(limit: number): number;
  /** Mean 0, standard deviation 1. */
  normal(): number;
  shuffle<T>(items: readonly T[]): T[];
}

/** mulberry32 */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const uniform = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number) => Math.floor(uniform() * limit);
  const normal = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  const shuffle = <T>(items: readonly T[]) => {
    const keyed = items.map((item) => ({ item, key: uniform() }));
    return keyed.sort((a, b) => a.key - b.key).map(({ item }) => item);
  };
  return { uniform, below, normal, shuffle };
}
