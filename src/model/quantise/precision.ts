import { EMBEDDING, LM_HEAD } from '../checkpoint/tensor-names.ts';
import type { QuantisedDtype } from './quantise.ts';

/** How a model folder stores its weights; `fp32` is the checkpoint's own files, used in float32. */
export const PRECISIONS = ['fp32', 'int8', 'int4'] as const;
export type Precision = (typeof PRECISIONS)[number];
export type QuantisedPrecision = Exclude<Precision, 'fp32'>;

/**
 * How a quantised model stores a tensor. Vectors (norms and biases) stay floats. The embedding and the heads
 * have 8 bits under int4 as well: if the two are tied, one copy serves both, and an error in them reaches
 * every token.
 */
export function dtypeUnder(
  precision: QuantisedPrecision,
  tensor: string,
  shape: readonly number[],
): 'F32' | QuantisedDtype {
  if (shape.length < 2) return 'F32';
  const isWide = tensor === EMBEDDING || tensor === LM_HEAD || tensor.startsWith('exit_heads.');
  return isWide ? 'int8' : precision;
}
