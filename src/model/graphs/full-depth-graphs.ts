import type { Architecture } from '../checkpoint/architecture.ts';
import {
  addDecoderLayer,
  embedTokens,
  type FindWeight,
  mix,
  pastKey,
  pastValue,
  projectHeads,
  scoresOf,
} from './decoder-layer.ts';
import { GraphBuilder } from './graph-builder.ts';
import { addLogitSum, type HeadWeights } from './head-graphs.ts';
import type { OnnxGraph } from './onnx.ts';
import { inputsOf, outputsOf } from './segment-graph.ts';

/**
 * All layers in one graph, for an engine that runs at full depth: prompts' blocks, and decode steps in which each row is
 * one prompt and its S tokens are those of its beams. What a token may look at is the mask's affair.
 *
 * Inputs: `input_ids`, `position_ids` int64 [B, S]; `cos`, `sin` [contextLength, headDim / 2]; `mask` [B, 1, 1, S, C + S],
 * 0 or −∞; for each layer `past_key.n`, `past_value.n` [B, kvH, 1, C, headDim].
 * Outputs: `hidden_out` [B, S, D]; for each layer `new_key.n`, `new_value.n` [B, kvH, S, headDim].
 */
export function beamLayersGraph(architecture: Architecture, find: FindWeight): OnnxGraph {
  const graph = new GraphBuilder();
  const layers = Array.from({ length: architecture.layers }, (_, layer) => layer);
  const capacity = graph.node('Shape', [pastKey(0)], { start: { int: 3 }, end: { int: 4 } });
  let hidden = embedTokens(graph, find);
  for (const layer of layers) {
    const output = layer === architecture.layers - 1 ? 'hidden_out' : undefined;
    const attend = (input: string) => addBeamAttention(graph, architecture, layer, input, capacity, find);
    hidden = addDecoderLayer(graph, architecture, layer, hidden, find, attend, output);
  }
  return graph.finish('beam-layers', inputsOf(architecture, layers, true), outputsOf(architecture, layers));
}

/**
 * x [B, S, D] → [B, S, H · hd]. All query heads of a key head and all S tokens are the rows of one product, so keys and
 * values are read once for all of them.
 */
function addBeamAttention(
  graph: GraphBuilder,
  architecture: Architecture,
  layer: number,
  x: string,
  capacity: string,
  find: FindWeight,
): string {
  const { heads, kvHeads, headDim } = architecture;
  const { query, key, value } = projectHeads(graph, architecture, layer, x, find);
  const asRows = (perHead: string) => graph.reshape(perHead, [0, kvHeads, 1, -1, headDim]);
  const queries = asRows(query); //                                             [B, kvH, 1, G · S, hd]
  const scores = [pastKey(layer), asRows(key)].map((keys) => scoresOf(graph, architecture, queries, keys, 5));
  const joined = graph.node('Concat', scores, { axis: { int: -1 } });
  const perHead = graph.reshape(joined, [0, kvHeads, heads / kvHeads, -1, 0]); // [B, kvH, G, S, C + S]
  const masked = graph.node('Add', [perHead, 'mask']);
  const softmax = graph.node('Softmax', [masked], { axis: { int: -1 } });
  const weights = graph.reshape(softmax, [0, kvHeads, 1, -1, 0]);
  const mixed = graph.node('Add', [
    mix(graph, architecture, graph.sliceLast(weights, graph.ints(0), capacity), pastValue(layer), 5),
    mix(graph, architecture, graph.sliceLast(weights, capacity), asRows(value), 5),
  ]);
  const byToken = graph.transpose(graph.reshape(mixed, [0, heads, -1, headDim]), [0, 2, 1, 3]);
  return graph.reshape(byToken, [0, 0, heads * headDim]);
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
  const logits = graph.product(normed, 'head', weights.head);
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
