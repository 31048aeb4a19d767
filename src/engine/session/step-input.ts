import type { Architecture } from '../../model/checkpoint/architecture.ts';
import { causalMask, positionsAfter } from './mask.ts';
import type { RopeTables } from './rope.ts';

/** Keys and values of one layer for some rows: [rows, kvH, positions, headDim] each. */
export interface KeysValues {
  readonly keys: Float32Array;
  readonly values: Float32Array;
}

/** What a step reads of the tokens before it. */
export interface PastKeysValues {
  /** Positions of each row, used or not; at least 1. */
  readonly capacity: number;
  /** The first `rows` rows of a layer: [rows, kvH, capacity, headDim]. */
  view(layer: number, rows: number): KeysValues;
}

/** One run of `rows` rows of `queryLength` new tokens through some layers. */
export interface StepInput {
  readonly rows: number;
  /** S: new tokens of each row. */
  readonly queryLength: number;
  /** int64 [rows, S] */
  readonly positionIds: BigInt64Array;
  /**
   * Whether each new token is computed as a step of its own, bit for bit; of models that can (`openStepwise`). The
   * masks are those of single steps then, [rows, 1, S, capacity + 1], and the past has room for the new tokens.
   */
  readonly isStepwise?: boolean;
  /** [rows, 1, S, capacity + S], 0 where a token attends and −∞ where it does not */
  readonly mask: Float32Array;
  /** The same for layers that attend to a window of tokens; there where the network has such layers. */
  readonly windowMask?: Float32Array | undefined;
  readonly past: PastKeysValues;
  /** Rotation of a prompt's tokens (`Rope.ofPrompt`). Default: that of decoded tokens. */
  readonly rope?: RopeTables;
}

/**
 * The input of a step whose new tokens come after the `lengths[row]` stored ones of their row and attend to
 * these and to new tokens up to themselves.
 */
export function causalStep(
  { attentionWindow }: Pick<Architecture, 'attentionWindow'>,
  lengths: readonly number[],
  queryLength: number,
  past: PastKeysValues,
  rope?: RopeTables,
): StepInput {
  return {
    rows: lengths.length,
    queryLength,
    positionIds: positionsAfter(lengths, queryLength),
    mask: causalMask(lengths, queryLength, past.capacity),
    ...(attentionWindow && {
      windowMask: causalMask(lengths, queryLength, past.capacity, attentionWindow.tokens),
    }),
    past,
    ...(rope && { rope }),
  };
}

/**
 * The input of a step whose new tokens come after the `lengths[row]` stored ones of their row, each with the bits
 * that it has in a step of its own. Tokens that merely fill a row up are computed like the others.
 */
export function stepwiseStep(
  architecture: Pick<Architecture, 'attentionWindow' | 'contextLength'>,
  lengths: readonly number[],
  queryLength: number,
  past: PastKeysValues,
): StepInput {
  const last = architecture.contextLength - 1;
  const before = lengths.flatMap((length) =>
    // Tokens that fill a row up may lie beyond the context; no token finds the last one in the past.
    Array.from({ length: queryLength }, (_, token) => Math.min(length + token, last)),
  );
  const single = causalStep(architecture, before, 1, past);
  return { ...single, rows: lengths.length, queryLength, isStepwise: true };
}
