import type { Dtype } from '../checkpoint/safetensors.ts';

/**
 * A weight of floats that stays where it is: `file` is the name of a file in the model folder, safetensors or PyTorch’s.
 */
export interface FloatPlace {
  readonly file: string;
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly offset: number;
  readonly bytes: number;
}

/** A matrix of integers with a scale for each block of a row (`quantise.ts`), all parts in one file. */
export interface QuantisedPlace {
  readonly file: string;
  readonly dtype: 'int8' | 'int4';
  /** [N, K] of the matrix that it stands for. */
  readonly shape: readonly number[];
  /** Of the codes: uint8 [N, blocks, bytes of a block]. */
  readonly offset: number;
  readonly bytes: number;
  /** Of the scales: float32 [N, blocks]. */
  readonly scalesOffset: number;
  /** Of the zero points: uint8 [N, ⌈blocks / 2⌉], two in a byte; only int4 has them. */
  readonly zerosOffset?: number;
}

export type WeightPlace = FloatPlace | QuantisedPlace;

export const isQuantised = (place: WeightPlace): place is QuantisedPlace =>
  place.dtype === 'int8' || place.dtype === 'int4';
