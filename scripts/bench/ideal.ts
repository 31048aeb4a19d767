import type { Architecture } from '../../src/model/checkpoint/architecture.ts';
import type { Peaks } from './types.ts';

const BYTES_PER_WEIGHT = 4;

/** What a pass must do at least. */
export interface Work {
  readonly flops: number;
  /** Weights, keys and values that it must read, in F32. */
  readonly bytes: number;
}

/** One pass of `rows` sequences of `step` new tokens each, after `past` tokens, through `layers` layers and the head. */
export function workOf(
  architecture: Architecture,
  pass: {
    readonly layers: number;
    readonly rows: number;
    readonly step: number;
    readonly past: number;
    /** Rows of the head: a prefill needs just the last token's. */
    readonly headRows: number;
  },
): Work {
  const { hiddenSize: D, intermediateSize: F, heads, kvHeads, headDim, vocabSize: V } = architecture;
  const layerWeights = 2 * D * heads * headDim + 2 * D * kvHeads * headDim + 3 * D * F;
  const tokens = pass.rows * pass.step;
  /** Keys that the tokens of a row look at, on average. */
  const seen = pass.past + (pass.step + 1) / 2;
  const attention = 4 * tokens * seen * heads * headDim;
  const cached = 2 * pass.rows * pass.past * kvHeads * headDim;
  return {
    flops: pass.layers * (2 * tokens * layerWeights + attention) + 2 * pass.headRows * V * D,
    bytes: BYTES_PER_WEIGHT * (pass.layers * (layerWeights + cached) + V * D),
  };
}

/** No machine with these peaks is faster: arithmetic and memory traffic overlap at best. */
export function idealSeconds({ flops, bytes }: Work, { flopsPerSecond, bytesPerSecond }: Peaks): number {
  return Math.max(flops / flopsPerSecond, bytes / bytesPerSecond);
}

/** How much faster than the full depth an exit should decode, from its layers and head alone. */
export function idealSpeedup(exit: Work, full: Work, peaks: Peaks): number {
  return idealSeconds(full, peaks) / idealSeconds(exit, peaks);
}
