import { closeSync, openSync } from 'node:fs';
import type { CheckpointTensor } from '../checkpoint/checkpoint-tensors.ts';
import { BYTES_PER_ELEMENT } from '../checkpoint/safetensors.ts';
import type { TensorChange } from '../checkpoint/tensor-change.ts';
import { readFloats } from './read-weight.ts';

/** Numbers in memory at a time, unless a single row has more. */
const PIECE_NUMBERS = 1 << 20;

/** Whole rows of a matrix, or all of a vector. */
export interface WeightPiece {
  readonly values: Float32Array;
  /** Place of the first number in the tensor. */
  readonly first: number;
  /** What was read of the file for it. */
  readonly bytes: number;
}

/** A tensor of a checkpoint as float32, piece by piece, with what an adapter makes of it. */
export function* piecesOf(
  { file, dtype, shape, offset }: CheckpointTensor,
  change?: TensorChange,
): Generator<WeightPiece> {
  const columns = shape.at(-1)!;
  const rows = shape.length === 1 ? 1 : shape[0]!;
  const rowsAtOnce = Math.max(1, Math.floor(PIECE_NUMBERS / columns));
  const source = openSync(file, 'r');
  try {
    for (let row = 0; row < rows; row += rowsAtOnce) {
      const count = Math.min(rowsAtOnce, rows - row) * columns;
      const first = row * columns;
      const values = readFloats(source, { dtype, offset }, first, count);
      change?.apply(values, row);
      yield { values, first, bytes: count * BYTES_PER_ELEMENT[dtype] };
    }
  } finally {
    closeSync(source);
  }
}
