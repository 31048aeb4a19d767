import type { Architecture } from '../checkpoint/architecture.ts';
import { biasName, EMBEDDING, hasBias, layerTensorNames } from '../checkpoint/tensor-names.ts';
import type { WeightPlace } from '../quantise/weight-place.ts';
import type { GraphBuilder } from './graph-builder.ts';

/** The parts of a LLaMA decoder layer that every graph shares; where the keys come from is the graph's own. */
export type FindWeight = (name: string) => WeightPlace;

/** Names of a layer's tensors in the graph's signature; `layer` counts from 0 through the whole model. */
export const pastKey = (layer: number) => `past_key.${layer}`;
export const pastValue = (layer: number) => `past_value.${layer}`;
export const newKey = (layer: number) => `new_key.${layer}`;
export const newValue = (layer: number) => `new_value.${layer}`;

export function embedTokens(graph: GraphBuilder, find: FindWeight): string {
  return graph.rows('input_ids', EMBEDDING, find(EMBEDDING));
}

/**
 * alpha · (x · weightᵀ + bias), the bias where the network has one.
 * @param weight its name in the checkpoint
 */
function project(
  graph: GraphBuilder,
  architecture: Architecture,
  x: string,
  weight: string,
  find: FindWeight,
  alpha = 1,
): string {
  const product = graph.product(x, weight, find(weight), { alpha });
  if (!hasBias(architecture, weight)) return product;
  const name = biasName(weight);
  const bias = graph.weight(name, find(name));
  // Folded when the session opens.
  const scaled = alpha === 1 ? bias : graph.node('Mul', [bias, graph.float(alpha)]);
  return graph.node('Add', [product, scaled]);
}

/**
 * One layer around its attention.
 * @param attend normed hidden states [B, S, D] → mixed values of all heads [B, S, H · hd]
 * @param output name of the result where it leaves the graph
 */
export function addDecoderLayer(
  graph: GraphBuilder,
  architecture: Architecture,
  layer: number,
  hidden: string,
  find: FindWeight,
  attend: (input: string) => string,
  output: string | undefined,
): string {
  const names = layerTensorNames(layer);
  const norm = (x: string, name: string) =>
    graph.rmsNorm(x, graph.weight(name, find(name)), architecture.rmsNormEps);
  const linear = (x: string, name: string) => project(graph, architecture, x, name, find);
  const mixed = attend(norm(hidden, names.inputNorm));
  const afterAttention = graph.node('Add', [hidden, linear(mixed, names.output)]);
  const mlpInput = norm(afterAttention, names.postNorm);
  const gate = linear(mlpInput, names.gate);
  const activated = graph.node('Mul', [gate, graph.node('Sigmoid', [gate])]);
  const product = graph.node('Mul', [activated, linear(mlpInput, names.up)]);
  return graph.node('Add', [afterAttention, linear(product, names.down)], {}, output);
}

/**
 * x [B, S, D] → query [B, H, S, hd], scaled and rotated, and the graph outputs new_key and new_value [B, kvH, S, hd].
 */
export function projectHeads(
  graph: GraphBuilder,
  architecture: Architecture,
  layer: number,
  x: string,
  find: FindWeight,
): { readonly query: string; readonly key: string; readonly value: string } {
  const { heads, kvHeads, headDim } = architecture;
  const names = layerTensorNames(layer);
  const linear = (name: string, alpha?: number) => project(graph, architecture, x, name, find, alpha);
  const rotate = (value: string) => graph.contrib('RotaryEmbedding', [value, 'position_ids', 'cos', 'sin']);
  const split = (value: string, count: number, name?: string) =>
    graph.transpose(graph.reshape(value, [0, 0, count, headDim]), [0, 2, 1, 3], name);
  return {
    query: split(rotate(linear(names.query, 1 / Math.sqrt(headDim))), heads),
    key: split(rotate(linear(names.key)), kvHeads, newKey(layer)),
    value: split(linear(names.value), kvHeads, newValue(layer)),
  };
}

/**
 * query [.., kvH, G, S, hd], key [.., kvH, 1, N, hd] → [.., kvH, G, S, N]: a product for each query head, so that a
 * decode step is vectors times matrices. ONNX Runtime adds those up in one order whatever the capacity, the rows and
 * the threads; it cuts the sums of larger products by their size and by the threads at hand.
 * @param rank number of dimensions of both
 */
export function scoresOf(
  graph: GraphBuilder,
  { kvHeads }: Architecture,
  query: string,
  key: string,
  rank: number,
): string {
  const transB = { transB: { int: 1 } };
  if (kvHeads > 1) return graph.contrib('FusedMatMul', [query, key], transB);
  return graph.transpose(graph.contrib('FusedMatMul', [key, query], transB), lastTwoSwapped(rank));
}

/**
 * weights [.., kvH, G, S, N], value [.., kvH, 1, N, hd] → [.., kvH, G, S, hd]. With one key head and one row, ONNX
 * Runtime would fold the query heads into one larger product; the two sides are swapped there, which it does not fold.
 * @param rank number of dimensions of both
 */
export function mix(
  graph: GraphBuilder,
  { kvHeads }: Architecture,
  weights: string,
  value: string,
  rank: number,
): string {
  if (kvHeads > 1) return graph.node('MatMul', [weights, value]);
  const both = { transA: { int: 1 }, transB: { int: 1 } };
  return graph.transpose(graph.contrib('FusedMatMul', [value, weights], both), lastTwoSwapped(rank));
}

function lastTwoSwapped(rank: number): number[] {
  const leading = Array.from({ length: rank - 2 }, (_, axis) => axis);
  return [...leading, rank - 1, rank - 2];
}
