import type { Architecture } from '../checkpoint/architecture.ts';
import { decoderLayers } from './decoder-layer.ts';
import { GraphBuilder } from './graph-builder.ts';
import { addLogitSum, type HeadWeights, headLogits } from './head-graphs.ts';
import { inputsOf, outputsOf } from './layer-signature.ts';
import type { OnnxGraph } from './onnx.ts';
import type { FindWeight } from './weights.ts';

/**
 * All layers in one graph, for an engine that runs at full depth: blocks of prompts, and decode steps in
 * which each row is one prompt and its S tokens are those of its beams.
 *
 * Inputs: `input_ids`, `position_ids` int64 [B, S]; `cos`, `sin` [contextLength, headDim / 2]; `mask` [B, 1,
 * 1, S, C + S], 0 or −∞, and `window_mask` alike, each where a layer reads it; for each layer `past_key.n`, `past_value.n` [B, kvH, 1, C, headDim]. Outputs:
 * `hidden_out` [B, S, D]; for each layer `new_key.n`, `new_value.n` [B, kvH, S, headDim].
 */
export function beamLayersGraph(architecture: Architecture, find: FindWeight): OnnxGraph {
  const graph = new GraphBuilder();
  const layers = Array.from({ length: architecture.layers }, (_, layer) => layer);
  decoderLayers({ graph, architecture, find }, layers, 'beams');
  return graph.finish('beam-layers', inputsOf(architecture, layers, true), outputsOf(architecture, layers));
}

/**
 * Final norm, head, repetition penalty and the best continuations of each row, so that no [N, V] leaves the
 * graph. As in transformers' beam search: log-softmax first, then the penalty on every token that the row has
 * seen (a log-probability is never positive, so it is multiplied), then the beam's score.
 *
 * Inputs: `hidden` [N, D]; `seen_ids` int64 [N, L], short rows filled up with an id that they have seen;
 * `beam_scores` [N, 1]; `penalty` [1]; `k` int64 [1]. Outputs: `top_scores` [N, k], falling, `top_ids` int64
 * [N, k] and `logit_sum` [N].
 */
export function beamHeadGraph(architecture: Architecture, weights: HeadWeights): OnnxGraph {
  const { hiddenSize } = architecture;
  const graph = new GraphBuilder();
  const axis = { axis: { int: -1 } };
  const logits = headLogits(graph, architecture, weights);
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
