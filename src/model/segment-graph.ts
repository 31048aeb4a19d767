import type { Architecture } from './architecture.ts';
import { GraphBuilder, type WeightPlace } from './graph-builder.ts';
import type { OnnxGraph, OnnxValue } from './onnx.ts';
import { EMBEDDING, layerTensorNames } from './tensor-names.ts';

/** Layers `first` … `last` − 1, counted from 0. */
export interface LayerRange {
  readonly first: number;
  readonly last: number;
}

export type FindWeight = (name: string) => WeightPlace;

const LARGEST_INT = 2 ** 31 - 1;

/** Names of a layer's tensors in the graph's signature; `layer` counts from 0 through the whole model. */
export const pastKey = (layer: number) => `past_key.${layer}`;
export const pastValue = (layer: number) => `past_value.${layer}`;
export const newKey = (layer: number) => `new_key.${layer}`;
export const newValue = (layer: number) => `new_value.${layer}`;

/**
 * The graph of the layers between two exits; the first segment starts with the embedding.
 *
 * Inputs: `input_ids` int64 [B, S] (first segment) or `hidden` [B, S, D]; `position_ids` int64 [B, S];
 * `cos`, `sin` [contextLength, headDim / 2]; `mask` [B, 1, 1, S, C + S], 0 or −∞, added to the scores; for each layer
 * `past_key.n`, `past_value.n` [B, kvH, 1, C, headDim].
 * Outputs: `hidden_out` [B, S, D]; for each layer `new_key.n`, `new_value.n` [B, kvH, S, headDim].
 *
 * The cache is an input only and is never concatenated: ONNX Runtime copies every output, so a cache that went
 * through the graph would be copied at every step. Only the scores over past and new keys are joined, for softmax.
 */
export function segmentGraph(architecture: Architecture, range: LayerRange, find: FindWeight): OnnxGraph {
  const graph = new GraphBuilder();
  const layers = Array.from({ length: range.last - range.first }, (_, index) => range.first + index);
  const isFirst = range.first === 0;
  const capacity = graph.node('Shape', [pastKey(range.first)], { start: { int: 3 }, end: { int: 4 } });
  let hidden = isFirst
    ? graph.node('Gather', [graph.weight(EMBEDDING, find(EMBEDDING)), 'input_ids'])
    : 'hidden';
  for (const layer of layers) {
    const output = layer === range.last - 1 ? 'hidden_out' : undefined;
    hidden = addLayer(graph, architecture, layer, hidden, capacity, find, output);
  }
  return graph.finish(
    `layers-${range.first}-${range.last}`,
    inputsOf(architecture, layers, isFirst),
    outputsOf(architecture, layers),
  );
}

function addLayer(
  graph: GraphBuilder,
  architecture: Architecture,
  layer: number,
  hidden: string,
  capacity: string,
  find: FindWeight,
  output: string | undefined,
): string {
  const names = layerTensorNames(layer);
  const weight = (name: string) => graph.weight(name, find(name));
  const attentionInput = graph.rmsNorm(hidden, weight(names.inputNorm), architecture.rmsNormEps);
  const attention = addAttention(graph, architecture, layer, attentionInput, capacity, weight);
  const afterAttention = graph.node('Add', [hidden, attention]);
  const mlpInput = graph.rmsNorm(afterAttention, weight(names.postNorm), architecture.rmsNormEps);
  const gate = graph.linear(mlpInput, weight(names.gate));
  const activated = graph.node('Mul', [gate, graph.node('Sigmoid', [gate])]);
  const product = graph.node('Mul', [activated, graph.linear(mlpInput, weight(names.up))]);
  return graph.node('Add', [afterAttention, graph.linear(product, weight(names.down))], {}, output);
}

/** x [B, S, D] → [B, S, D] */
function addAttention(
  graph: GraphBuilder,
  architecture: Architecture,
  layer: number,
  x: string,
  capacity: string,
  weight: (name: string) => string,
): string {
  const { heads, kvHeads, headDim } = architecture;
  const names = layerTensorNames(layer);
  const rotate = (value: string) => graph.contrib('RotaryEmbedding', [value, 'position_ids', 'cos', 'sin']);
  const split = (value: string, count: number, name?: string) =>
    graph.transpose(graph.reshape(value, [0, 0, count, headDim]), [0, 2, 1, 3], name);
  const perGroup = (value: string, groups: number) => graph.reshape(value, [0, kvHeads, groups, -1, headDim]);

  const scaled = graph.linear(x, weight(names.query), { alpha: 1 / Math.sqrt(headDim) });
  const query = split(rotate(scaled), heads); //                                          [B, H, S, hd]
  const key = split(rotate(graph.linear(x, weight(names.key))), kvHeads, newKey(layer)); // [B, kvH, S, hd]
  const value = split(graph.linear(x, weight(names.value)), kvHeads, newValue(layer)); //  [B, kvH, S, hd]
  const grouped = perGroup(query, heads / kvHeads); //                                     [B, kvH, G, S, hd]
  const pastScores = scoresOf(graph, architecture, grouped, pastKey(layer));
  const newScores = scoresOf(graph, architecture, grouped, perGroup(key, 1));
  const scores = graph.node('Concat', [pastScores, newScores], { axis: { int: -1 } });
  const masked = graph.node('Add', [scores, 'mask']); //                                   [B, kvH, G, S, C + S]
  const weights = graph.node('Softmax', [masked], { axis: { int: -1 } });
  const axis = graph.ints(-1);
  const onPast = graph.node('Slice', [weights, graph.ints(0), capacity, axis]);
  const onNew = graph.node('Slice', [weights, capacity, graph.ints(LARGEST_INT), axis]);
  const mixed = graph.node('Add', [
    mix(graph, architecture, onPast, pastValue(layer)),
    mix(graph, architecture, onNew, perGroup(value, 1)),
  ]);
  const joined = graph.transpose(graph.reshape(mixed, [0, heads, -1, headDim]), [0, 2, 1, 3]);
  return graph.linear(graph.reshape(joined, [0, 0, heads * headDim]), weight(names.output));
}

/**
 * query [B, kvH, G, S, hd], key [B, kvH, 1, N, hd] → [B, kvH, G, S, N]: a product for each query head, so that a
 * decode step is vectors times matrices. ONNX Runtime adds those up in one order whatever the capacity, the rows and
 * the threads; it cuts the sums of larger products by their size and by the threads at hand.
 */
function scoresOf(graph: GraphBuilder, { kvHeads }: Architecture, query: string, key: string): string {
  const transB = { transB: { int: 1 } };
  if (kvHeads > 1) return graph.contrib('FusedMatMul', [query, key], transB);
  return graph.transpose(graph.contrib('FusedMatMul', [key, query], transB), [0, 1, 2, 4, 3]);
}

/**
 * weights [B, kvH, G, S, N], value [B, kvH, 1, N, hd] → [B, kvH, G, S, hd]. With one key head and one row, ONNX Runtime
 * would fold the query heads into one larger product; the two sides are swapped there, which it does not fold.
 */
function mix(graph: GraphBuilder, { kvHeads }: Architecture, weights: string, value: string): string {
  if (kvHeads > 1) return graph.node('MatMul', [weights, value]);
  const both = { transA: { int: 1 }, transB: { int: 1 } };
  return graph.transpose(graph.contrib('FusedMatMul', [value, weights], both), [0, 1, 2, 4, 3]);
}

function inputsOf(architecture: Architecture, layers: readonly number[], isFirst: boolean): OnnxValue[] {
  const { hiddenSize, kvHeads, headDim, contextLength } = architecture;
  const past = ['B', kvHeads, 1, 'C', headDim];
  return [
    isFirst
      ? { name: 'input_ids', type: 'int64', shape: ['B', 'S'] }
      : { name: 'hidden', type: 'float', shape: ['B', 'S', hiddenSize] },
    { name: 'position_ids', type: 'int64', shape: ['B', 'S'] },
    { name: 'cos', type: 'float', shape: [contextLength, headDim / 2] },
    { name: 'sin', type: 'float', shape: [contextLength, headDim / 2] },
    { name: 'mask', type: 'float', shape: ['B', 1, 1, 'S', 'T'] },
    ...layers.flatMap((layer): OnnxValue[] => [
      { name: pastKey(layer), type: 'float', shape: past },
      { name: pastValue(layer), type: 'float', shape: past },
    ]),
  ];
}

function outputsOf(architecture: Architecture, layers: readonly number[]): OnnxValue[] {
  const { hiddenSize, kvHeads, headDim } = architecture;
  const fresh = ['B', kvHeads, 'S', headDim];
  return [
    { name: 'hidden_out', type: 'float', shape: ['B', 'S', hiddenSize] },
    ...layers.flatMap((layer): OnnxValue[] => [
      { name: newKey(layer), type: 'float', shape: fresh },
      { name: newValue(layer), type: 'float', shape: fresh },
    ]),
  ];
}
