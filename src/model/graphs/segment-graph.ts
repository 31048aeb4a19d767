import type { Architecture } from '../checkpoint/architecture.ts';
import { carriedHeads, decoderLayers } from './decoder-layer.ts';
import { GraphBuilder } from './graph-builder.ts';
import { inputsOf, outputsOf, PLACES } from './layer-signature.ts';
import type { OnnxGraph, OnnxValue } from './onnx.ts';
import type { FindWeight } from './weights.ts';

/** Layers `first` … `last` − 1, counted from 0. */
export interface LayerRange {
  readonly first: number;
  readonly last: number;
}

/**
 * The graph of the layers between two exits; the first segment starts with the embedding.
 *
 * Inputs: `input_ids` int64 [B, S] (first segment) or `hidden` [B, S, D]; `position_ids` int64 [B, S]; `cos`,
 * `sin` [contextLength, headDim / 2]; `mask` [B, 1, 1, S, C + S], 0 or −∞, added to the scores, and
 * `window_mask` alike, each where a layer reads it; for each layer `past_key.n`, `past_value.n` [B, kvH, 1, C, headDim]. Outputs: `hidden_out` [B, S, D]; for each layer
 * `new_key.n`, `new_value.n` [B, kvH, S, headDim].
 *
 * The cache is an input only and is never concatenated: ONNX Runtime copies every output, so a cache that
 * went through the graph would be copied at every step. Only the scores over past and new keys are joined,
 * for softmax.
 */
export function segmentGraph(
  architecture: Architecture,
  { first, last }: LayerRange,
  find: FindWeight,
): OnnxGraph {
  const graph = new GraphBuilder();
  const layers = layersIn({ first, last });
  decoderLayers({ graph, architecture, find }, layers, 'tokens');
  return graph.finish(
    `layers-${first}-${last}`,
    inputsOf(architecture, layers, first === 0),
    outputsOf(architecture, layers),
  );
}

/**
 * The same layers, able to run stepwise: S new tokens with the states of S single steps, bit for bit.
 *
 * Further input: `places` int64 [B, kvH, S, 3]. With places, `mask` and `window_mask` are [B, 1, 1, S, C + 1], the
 * masks of single steps; without, everything is as above.
 */
export function stepwiseSegmentGraph(
  architecture: Architecture,
  range: LayerRange,
  find: FindWeight,
): OnnxGraph {
  const graph = new GraphBuilder();
  const layers = layersIn(range);
  decoderLayers({ graph, architecture, find }, layers, 'either');
  const places: OnnxValue = { name: PLACES, type: 'int64', shape: ['P', 'H', 'Q', 'I'] };
  return graph.finish(
    `stepwise-layers-${range.first}-${range.last}`,
    [...inputsOf(architecture, layers, range.first === 0), places],
    outputsOf(architecture, layers),
  );
}

/**
 * Keys and values of the same layers for tokens that skip them, all from one state: each layer's own norm and
 * projections, without its attention and MLP.
 *
 * Inputs: `hidden` [B, S, D]; `position_ids` int64 [B, S]; `cos`, `sin` [contextLength, headDim / 2]. Outputs: for each
 * layer `new_key.n`, `new_value.n` [B, kvH, S, headDim].
 */
export function carrySegmentGraph(
  architecture: Architecture,
  { first, last }: LayerRange,
  find: FindWeight,
): OnnxGraph {
  const graph = new GraphBuilder();
  const layers = layersIn({ first, last });
  for (const layer of layers) carriedHeads({ graph, architecture, find }, layer);
  const masksAndPast = /^(window_)?mask$|^past_/;
  return graph.finish(
    `carry-layers-${first}-${last}`,
    inputsOf(architecture, layers, false).filter(({ name }) => !masksAndPast.test(name)),
    outputsOf(architecture, layers).filter(({ name }) => name !== 'hidden_out'),
  );
}

function layersIn({ first, last }: LayerRange): number[] {
  return Array.from({ length: last - first }, (_, index) => first + index);
}
