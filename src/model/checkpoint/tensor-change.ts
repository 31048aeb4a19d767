import type { Dtype } from './safetensors.ts';

/** What an adapter makes of a tensor; it is computed whenever rows of the tensor are read. */
export interface TensorChange {
  /** What the changed numbers are rounded to. */
  readonly dtype: Dtype;
  /**
   * Changes whole rows in place.
   * @param rows [count, columns], row-major; a vector is one row
   * @param firstRow the matrix's row that `rows` begins with
   */
  readonly apply: (rows: Float32Array, firstRow: number) => void;
}
