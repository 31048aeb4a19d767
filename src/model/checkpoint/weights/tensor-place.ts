/** Where one tensor lies: `bytes` bytes from byte `offset` of the file, row-major. */
export interface TensorPlace {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly offset: number;
  readonly bytes: number;
}

/** A file of weights, safetensors or PyTorch's, whose numbers stay on disk. */
export interface WeightsFile {
  readonly path: string;
  readonly fileBytes: number;
  /** By the names that the file gives them. Two may lie in the same bytes where PyTorch wrote the file. */
  readonly tensors: ReadonlyMap<string, TensorPlace>;
}
