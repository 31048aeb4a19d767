import { type KlSides, measureDivergence, type Passage } from '../runtime/divergence.ts';

export interface KlInput extends KlSides {
  readonly passages: readonly Passage[];
}

/** KL in nats of each passage, in their order: one list of positions for each of the model's exits. */
export function klJob({ passages, ...sides }: KlInput, signal: AbortSignal): AsyncGenerator<number[][]> {
  return measureDivergence(sides, passages, signal);
}
