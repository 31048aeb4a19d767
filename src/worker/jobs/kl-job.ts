import type { Passage } from '../../engine/forced/forward.ts';
import { type Divergence, type KlSides, measureDivergence } from '../../engine/forced/kl-meter.ts';

export interface KlInput extends KlSides {
  readonly passages: readonly Passage[];
}

/** KL of each passage, in any order. */
export function klJob({ passages, ...sides }: KlInput, signal: AbortSignal): AsyncGenerator<Divergence> {
  return measureDivergence(sides, passages, signal);
}
