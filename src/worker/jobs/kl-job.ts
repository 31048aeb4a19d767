import type { Continuation } from '../../engine/forced/continuation.ts';
import { type Divergence, type KlSides, measureDivergence } from '../../engine/forced/measure-divergence.ts';

export interface KlInput extends KlSides {
  readonly continuations: readonly Continuation[];
}

/** KL of each continuation, in any order. */
export function klJob({ continuations, ...sides }: KlInput, signal: AbortSignal): AsyncGenerator<Divergence> {
  return measureDivergence(sides, continuations, signal);
}
