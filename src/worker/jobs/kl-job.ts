import {
  type Divergence,
  divergenceBatches,
  type IndexedContinuation,
  type KlContinuation,
  type KlSides,
  measureBatches,
} from '../../engine/forced/measure-divergence.ts';
import { headBytes } from './head-bytes.ts';
import type { Job } from './job.ts';

export interface KlInput extends KlSides {
  readonly continuations: readonly KlContinuation[];
}

/** KL of each continuation, in any order. A piece is what goes through the layers together. */
export const klJob: Job<KlInput, KlSides, readonly IndexedContinuation[], Divergence> = {
  demand: ({ continuations, model, reference }) => ({
    count: [...divergenceBatches(continuations)].length,
    folders: [...new Set([model.folder, reference.folder])],
    workerBytes: headBytes(model.folder, model.exits) + headBytes(reference.folder, [reference.exit]),
    cacheBytes: 0,
  }),
  split: ({ continuations, ...common }) => ({ common, pieces: [...divergenceBatches(continuations)] }),
  run: (sides, { pieces, threads, signal }) => measureBatches(sides, pieces, { threads, signal }),
};
