import type { Architecture } from '../checkpoint/architecture.ts';
import {
  addDecoderLayer,
  embedTokens,
  type FindWeight,
  mix,
  newKey,
  newValue,
  pastKey,
  pastValue,
  projectHeads,
  scoresOf,
} from './decoder-layer.ts';
import { GraphBuilder } from './graph-builder.ts';
import type { OnnxGraph, OnnxValue } from './onnx.ts';

/** Layers `first` … `last` − 1, counted from 0. */
export interface LayerRange {
  readonly first: number;
  readonly last: number;
}

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
  let hidden = isFirst ? embedTokens(graph, find) : 'hidden';
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
  const attend = (input: string) => addAttention(graph, architecture, layer, input, capacity, find);
  return addDecoderLayer(graph, architecture, layer, hidden, find, attend, output);
}

/** x [B, S, D] → [B, S, H · hd] */
function addAttention(
  graph: GraphBuilder,
  architecture: Architecture,
  layer: number,
  x: string,
  capacity: string,
  find: FindWeight,
): string {
  const { heads, kvHeads, headDim } = architecture;
  const { query, key, value } = projectHeads(graph, architecture, layer, x, find);
  const perGroup = (heads: string, groups: number) => graph.reshape(heads, [0, kvHeads, groups, -1, headDim]);
  const grouped = perGroup(query, heads / kvHeads); //   [B, kvH, G, S, hd]
  const scores = graph.node(
    'Concat',
    [
      scoresOf(graph, architecture, grouped, pastKey(layer), 5),
      scoresOf(graph, architecture, grouped, perGroup(key, 1), 5),
    ],
    { axis: { int: -1 } },
  );
  const masked = graph.node('Add', [scores, 'mask']); // [B, kvH, G, S, C + S]
  const weights = graph.node('Softmax', [masked], { axis: { int: -1 } });
  const mixed = graph.node('Add', [
    mix(graph, architecture, graph.sliceLast(weights, graph.ints(0), capacity), pastValue(layer), 5),
    mix(graph, architecture, graph.sliceLast(weights, capacity), perGroup(value, 1), 5),
  ]);
  const joined = graph.transpose(graph.reshape(mixed, [0, heads, -1, headDim]), [0, 2, 1, 3]);
  return graph.reshape(joined, [0, 0, heads * headDim]);
}

/** What a graph of these layers takes; token ids where it starts with the embedding. */
export function inputsOf(
  architecture: Architecture,
  layers: readonly number[],
  isFirst: boolean,
): OnnxValue[] {
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

export function outputsOf(architecture: Architecture, layers: readonly number[]): OnnxValue[] {
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
