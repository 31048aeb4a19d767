import type { Architecture } from './architecture.ts';
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
import { addLogitSum, type HeadWeights } from './head-graphs.ts';
import type { OnnxGraph, OnnxValue } from './onnx.ts';

export const prefixKey = (layer: number) => `prefix_key.${layer}`;
export const prefixValue = (layer: number) => `prefix_value.${layer}`;

/**
 * One decode step of all layers for the beams of P prompts, R beams each. A prompt's keys and values come in once and
 * all of its beams read them.
 *
 * Inputs: `input_ids`, `position_ids` int64 [P · R, 1]; `cos`, `sin` [contextLength, headDim / 2]; `mask`
 * [P, R, 1, 1, 1, Cp + C + 1]; for each layer `prefix_key.n`, `prefix_value.n` [P, 1, kvH, 1, Cp, headDim] and
 * `past_key.n`, `past_value.n` [P, R, kvH, 1, C, headDim].
 * Outputs: `hidden_out` [P · R, 1, D]; for each layer `new_key.n`, `new_value.n` [P · R, kvH, 1, headDim].
 */
export function beamLayersGraph(architecture: Architecture, find: FindWeight): OnnxGraph {
  const graph = new GraphBuilder();
  const layers = Array.from({ length: architecture.layers }, (_, layer) => layer);
  const sizes = {
    prompts: graph.node('Shape', [prefixKey(0)], { start: { int: 0 }, end: { int: 1 } }),
    prefix: graph.node('Shape', [prefixKey(0)], { start: { int: 4 }, end: { int: 5 } }),
    past: graph.node('Shape', [pastKey(0)], { start: { int: 4 }, end: { int: 5 } }),
  };
  let hidden = embedTokens(graph, find);
  for (const layer of layers) {
    const output = layer === architecture.layers - 1 ? 'hidden_out' : undefined;
    const attend = (input: string) => addBeamAttention(graph, architecture, layer, input, sizes, find);
    hidden = addDecoderLayer(graph, architecture, layer, hidden, find, attend, output);
  }
  return graph.finish('beam-layers', layerInputs(architecture, layers), layerOutputs(architecture, layers));
}

/** Three values that hold the sizes P, Cp and C. */
interface Sizes {
  readonly prompts: string;
  readonly prefix: string;
  readonly past: string;
}

/** x [P · R, 1, D] → [P · R, 1, H · hd] */
function addBeamAttention(
  graph: GraphBuilder,
  architecture: Architecture,
  layer: number,
  x: string,
  sizes: Sizes,
  find: FindWeight,
): string {
  const { heads, kvHeads, headDim } = architecture;
  const rank = 6;
  const { query, key, value } = projectHeads(graph, architecture, layer, x, find);
  const perBeam = (rows: string, groups: number) => {
    const rest = graph.ints(-1, kvHeads, groups, 1, headDim);
    return graph.node('Reshape', [rows, graph.node('Concat', [sizes.prompts, rest], { axis: { int: 0 } })]);
  };
  const grouped = perBeam(query, heads / kvHeads); //     [P, R, kvH, G, 1, hd]
  const scores = [prefixKey(layer), pastKey(layer), perBeam(key, 1)].map((keys) =>
    scoresOf(graph, architecture, grouped, keys, rank),
  );
  const joined = graph.node('Concat', scores, { axis: { int: -1 } });
  const masked = graph.node('Add', [joined, 'mask']); // [P, R, kvH, G, 1, Cp + C + 1]
  const weights = graph.node('Softmax', [masked], { axis: { int: -1 } });
  const ownStart = graph.node('Add', [sizes.prefix, sizes.past]);
  const onPrefix = graph.sliceLast(weights, graph.ints(0), sizes.prefix);
  const onPast = graph.sliceLast(weights, sizes.prefix, ownStart);
  const onNew = graph.sliceLast(weights, ownStart);
  const mixed = graph.node('Add', [
    mix(graph, architecture, onPrefix, prefixValue(layer), rank),
    graph.node('Add', [
      mix(graph, architecture, onPast, pastValue(layer), rank),
      mix(graph, architecture, onNew, perBeam(value, 1), rank),
    ]),
  ]);
  // One token a row, so the heads lie side by side already.
  return graph.reshape(mixed, [-1, 1, heads * headDim]);
}

/**
 * Final norm, head, repetition penalty and the best continuations of each row, so that no [N, V] leaves the graph.
 * As in transformers' beam search: log-softmax first, then the penalty on every token that the row has seen (a
 * log-probability is never positive, so it is multiplied), then the beam's score.
 *
 * Inputs: `hidden` [N, D]; `seen_ids` int64 [N, L], short rows filled up with an id that they have seen; `beam_scores`
 * [N, 1]; `penalty` [1]; `k` int64 [1]. Outputs: `top_scores` [N, k], falling, `top_ids` int64 [N, k] and `logit_sum` [N].
 */
export function beamHeadGraph(architecture: Architecture, weights: HeadWeights): OnnxGraph {
  const { hiddenSize, rmsNormEps } = architecture;
  const graph = new GraphBuilder();
  const axis = { axis: { int: -1 } };
  const normed = graph.rmsNorm('hidden', graph.weight('norm', weights.norm), rmsNormEps);
  const logits = graph.linear(normed, graph.weight('head', weights.head));
  const logitSum = addLogitSum(graph, logits);
  const logProbabilities = graph.node('LogSoftmax', [logits], axis);
  const seen = graph.node('GatherElements', [logProbabilities, 'seen_ids'], axis);
  const penalised = graph.node('Mul', [seen, 'penalty']);
  const processed = graph.node('ScatterElements', [logProbabilities, 'seen_ids', penalised], axis);
  const scored = graph.node('Add', [processed, 'beam_scores']);
  graph.nodeWithOutputs('TopK', [scored, 'k'], axis, ['top_scores', 'top_ids']);
  return graph.finish(
    'beam-head',
    [
      { name: 'hidden', type: 'float', shape: ['N', hiddenSize] },
      { name: 'seen_ids', type: 'int64', shape: ['N', 'L'] },
      { name: 'beam_scores', type: 'float', shape: ['N', 1] },
      { name: 'penalty', type: 'float', shape: [1] },
      { name: 'k', type: 'int64', shape: [1] },
    ],
    [
      { name: 'top_scores', type: 'float', shape: ['N', 'K'] },
      { name: 'top_ids', type: 'int64', shape: ['N', 'K'] },
      logitSum,
    ],
  );
}

function layerInputs(architecture: Architecture, layers: readonly number[]): OnnxValue[] {
  const { kvHeads, headDim, contextLength } = architecture;
  const cache = (name: string, beams: string | number, positions: string): OnnxValue => {
    return { name, type: 'float', shape: ['P', beams, kvHeads, 1, positions, headDim] };
  };
  return [
    { name: 'input_ids', type: 'int64', shape: ['B', 1] },
    { name: 'position_ids', type: 'int64', shape: ['B', 1] },
    { name: 'cos', type: 'float', shape: [contextLength, headDim / 2] },
    { name: 'sin', type: 'float', shape: [contextLength, headDim / 2] },
    { name: 'mask', type: 'float', shape: ['P', 'R', 1, 1, 1, 'T'] },
    ...layers.flatMap((layer) => [
      cache(prefixKey(layer), 1, 'Cp'),
      cache(prefixValue(layer), 1, 'Cp'),
      cache(pastKey(layer), 'R', 'C'),
      cache(pastValue(layer), 'R', 'C'),
    ]),
  ];
}

function layerOutputs(architecture: Architecture, layers: readonly number[]): OnnxValue[] {
  const { hiddenSize, kvHeads, headDim } = architecture;
  const fresh = ['B', kvHeads, 1, headDim];
  return [
    { name: 'hidden_out', type: 'float', shape: ['B', 1, hiddenSize] },
    ...layers.flatMap((layer): OnnxValue[] => [
      { name: newKey(layer), type: 'float', shape: fresh },
      { name: newValue(layer), type: 'float', shape: fresh },
    ]),
  ];
}
