import { decoderLayers } from './decoder-layer.js';
import { GraphBuilder } from './graph-builder.js';
import { inputsOf, outputsOf } from './layer-signature.js';
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
export function segmentGraph(architecture, { first, last }, find) {
    const graph = new GraphBuilder();
    const layers = Array.from({ length: last - first }, (_, index) => first + index);
    decoderLayers({ graph, architecture, find }, layers, 'tokens');
    return graph.finish(`layers-${first}-${last}`, inputsOf(architecture, layers, first === 0), outputsOf(architecture, layers));
}
