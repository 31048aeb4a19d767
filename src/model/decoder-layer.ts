import type { Architecture } from './architecture.ts';
import type { GraphBuilder, WeightPlace } from './graph-builder.ts';
import { EMBEDDING, layerTensorNames } from './tensor-names.ts';

/** The parts of a LLaMA decoder layer that every graph shares; where the keys come from is the graph's own. */
export type FindWeight = (name: string) => WeightPlace;

/** Names of a layer's tensors in the graph's signature; `layer` counts from 0 through the whole model. */
export const pastKey = (layer: number) => `past_key.${layer}`;
export const pastValue = (layer: number) => `past_value.${layer}`;
export const newKey = (layer: number) => `new_key.${layer}`;
export const newValue = (layer: number) => `new_value.${layer}`;

export function embedTokens(graph: GraphBuilder, find: FindWeight): string {
  return graph.node('Gather', [graph.weight(EMBEDDING, find(EMBEDDING)), 'input_ids']);
}

/**
 * One layer around its attention.
 * @param attend normed hidden states [B, S, D] → mixed values of all heads [B, S, H · hd]
 * @param output name of the result where it leaves the graph
 */
export function addDecoderLayer(
  graph: GraphBuilder,
  { rmsNormEps }: Architecture,
  layer: number,
  hidden: string,
  find: FindWeight,
  attend: (input: string) => string,
  output: string | undefined,
): string {
  const names = layerTensorNames(layer);
  const weight = (name: string) => graph.weight(name, find(name));
  const mixed = attend(graph.rmsNorm(hidden, weight(names.inputNorm), rmsNormEps));
  const afterAttention = graph.node('Add', [hidden, graph.linear(mixed, weight(names.output))]);
  const mlpInput = graph.rmsNorm(afterAttention, weight(names.postNorm), rmsNormEps);
  const gate = graph.linear(mlpInput, weight(names.gate));
  const activated = graph.node('Mul', [gate, graph.node('Sigmoid', [gate])]);
  const product = graph.node('Mul', [activated, graph.linear(mlpInput, weight(names.up))]);
  return graph.node('Add', [afterAttention, graph.linear(product, weight(names.down))], {}, output);
}

/**
 * x [B, S, D] → query [B, H, S, hd], scaled and rotated, and the graph outputs new_key and new_value [B, kvH, S, hd].
 */
export function projectHeads(
  graph: GraphBuilder,
  { heads, kvHeads, headDim }: Architecture,
  layer: number,
  x: string,
  find: FindWeight,
): { readonly query: string; readonly key: string; readonly value: string } {
  const names = layerTensorNames(layer);
  const weight = (name: string) => graph.weight(name, find(name));
  const rotate = (value: string) => graph.contrib('RotaryEmbedding', [value, 'position_ids', 'cos', 'sin']);
  const split = (value: string, count: number, name?: string) =>
    graph.transpose(graph.reshape(value, [0, 0, count, headDim]), [0, 2, 1, 3], name);
  const scaled = graph.linear(x, weight(names.query), { alpha: 1 / Math.sqrt(headDim) });
  return {
    query: split(rotate(scaled), heads),
    key: split(rotate(graph.linear(x, weight(names.key))), kvHeads, newKey(layer)),
    value: split(graph.linear(x, weight(names.value)), kvHeads, newValue(layer)),
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
