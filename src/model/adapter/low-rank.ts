import { closeSync } from 'node:fs';
import { openForReading } from '../checkpoint/regular-file.ts';
import type { Dtype } from '../checkpoint/safetensors.ts';
import { readFloats } from '../quantise/read-weight.ts';

/** A tensor of an adapter whose dtype and shape were checked. */
export interface AdapterMatrix {
  readonly file: string;
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  /** Of its first number, in bytes. */
  readonly offset: number;
}

/** scale · B · A, or for an embedding, whose rows are tokens, the transpose of that. */
export interface LowRank {
  /** [rank, columns]; of an embedding [rank, rows] */
  readonly a: AdapterMatrix;
  /** [rows, rank]; of an embedding [columns, rank] */
  readonly b: AdapterMatrix;
  readonly isEmbedding: boolean;
  readonly rank: number;
  readonly scale: number;
}

interface RowRange {
  readonly firstRow: number;
  readonly count: number;
  readonly columns: number;
}

const FIX = 'Give the folder of a LoRA adapter as peft saves it.';

/**
 * Some rows of what a LoRA adds to a weight, computed in float32 as peft does; a sum over ranks is rounded once.
 * @returns [count, columns]
 */
export function lowRankRows(lora: LowRank, { firstRow, count, columns }: RowRange): Float32Array {
  const { a, b, isEmbedding, rank, scale } = lora;
  const factors = isEmbedding ? columnsOf(a, firstRow, count) : readMatrix(b, firstRow * rank, count * rank);
  const basis = isEmbedding ? transposed(readMatrix(b), rank) : readMatrix(a);
  const sums = new Float64Array(columns);
  const rows = new Float32Array(count * columns);
  for (let row = 0; row < count; row++) {
    sumRanks(sums, factors.subarray(row * rank, (row + 1) * rank), basis);
    for (let column = 0; column < columns; column++) {
      rows[row * columns + column] = Math.fround(sums[column]!) * scale;
    }
  }
  return rows;
}

/** sums [columns] = factors [rank] · basis [rank, columns], two ranks at a time, which halves the reads of the sums. */
function sumRanks(sums: Float64Array, factors: Float32Array, basis: Float32Array): void {
  const columns = sums.length;
  sums.fill(0);
  for (let rank = 0; rank < factors.length; rank += 2) {
    const [first, second] = [factors[rank]!, factors[rank + 1] ?? 0];
    const start = rank * columns;
    const next = rank + 1 < factors.length ? start + columns : start;
    for (let column = 0; column < columns; column++) {
      sums[column]! += first * basis[start + column]! + second * basis[next + column]!;
    }
  }
}

/** All numbers of a matrix, or `count` of them from its number `first` on, as float32. */
export function readMatrix(
  matrix: AdapterMatrix,
  first = 0,
  count = matrix.shape.reduce((product, size) => product * size, 1),
): Float32Array {
  const file = openForReading(matrix.file, FIX);
  try {
    return readFloats(file, matrix, first, count);
  } finally {
    closeSync(file);
  }
}

/** Some columns of a matrix [rank, n], as rows: [count, rank]. */
function columnsOf(matrix: AdapterMatrix, firstColumn: number, count: number): Float32Array {
  const [rank, columns] = matrix.shape as [number, number];
  const parts = new Float32Array(rank * count);
  for (let row = 0; row < rank; row++) {
    parts.set(readMatrix(matrix, row * columns + firstColumn, count), row * count);
  }
  return transposed(parts, count);
}

/** [rows, columns] → [columns, rows] */
function transposed(values: Float32Array, columns: number): Float32Array {
  const rows = values.length / columns;
  const turned = new Float32Array(values.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      turned[column * rows + row] = values[row * columns + column]!;
    }
  }
  return turned;
}
