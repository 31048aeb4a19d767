import type { Dtype } from '../checkpoint/safetensors.ts';
import { isQuantised, type WeightPlace } from '../quantise/weight-place.ts';
import type { GraphBuilder } from './graph-builder.ts';
import type { OnnxType } from './onnx.ts';
import { quantisedProduct, quantisedRows } from './quantised-nodes.ts';

/** Where a weight lies, by its name in the checkpoint. */
export type FindWeight = (name: string) => WeightPlace;

const DTYPE_TO_ONNX: Record<Dtype, OnnxType> = {
  F32: 'float',
  F16: 'float16',
  BF16: 'bfloat16',
};
const FLOAT = 1;

interface ProductOptions {
  /** Factor of the product; 1 by default. */
  readonly alpha?: number;
  /** Of the result, if it is a graph output. */
  readonly name?: string;
}

/** alpha · x [.., in] · weightᵀ → [.., out], for weights [out, in] of any precision. */
export function product(
  graph: GraphBuilder,
  x: string,
  weight: string,
  place: WeightPlace,
  { alpha = 1, name }: ProductOptions = {},
): string {
  if (!isQuantised(place))
    return linear(graph, x, floatWeight(graph, weight, place), { alpha, ...(name && { name }) });
  if (alpha === 1) return quantisedProduct(graph, x, weight, place, name);
  return graph.node('Mul', [quantisedProduct(graph, x, weight, place), graph.float(alpha)], {}, name);
}

/** Rows of a weight [N, K] by ids [B, S] → [B, S, K]. */
export function rows(graph: GraphBuilder, ids: string, weight: string, place: WeightPlace): string {
  if (isQuantised(place)) return quantisedRows(graph, ids, weight, place);
  return graph.node('Gather', [floatWeight(graph, weight, place), ids]);
}

/**
 * A weight of floats, as float32. F16 and BF16 get a Cast, which ONNX Runtime folds when the session opens.
 */
export function floatWeight(graph: GraphBuilder, name: string, place: WeightPlace): string {
  if (isQuantised(place)) throw new Error(`${name} is quantised`);
  graph.external(name, DTYPE_TO_ONNX[place.dtype], place.shape, place);
  return place.dtype === 'F32' ? name : graph.node('Cast', [name], { to: { int: FLOAT } });
}

/** alpha · x [.., in] · weightᵀ, weight [out, in] as the checkpoint holds it → [.., out]. */
export function linear(
  graph: GraphBuilder,
  x: string,
  weight: string,
  { alpha = 1, name }: ProductOptions = {},
): string {
  const attributes = { transB: { int: 1 }, alpha: { float: alpha } };
  return graph.contrib('FusedMatMul', [x, weight], attributes, name);
}
