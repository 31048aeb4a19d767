/** Token ids that are given, not decoded, after a context of at least one token. */
export interface Continuation {
  readonly context: readonly number[];
  readonly continuation: readonly number[];
}

/** By exit, the hidden states [continuation, D] that predict each token of a continuation. */
export type StatesByExit = ReadonlyMap<number, Float32Array>;
