import { EMBEDDING, layerTensorNames } from '../checkpoint/tensor-names.js';
import { activate } from './activation.js';
import { attention } from './attention.js';
import { project } from './layer-context.js';
import { pastKey } from './layer-signature.js';
import { norm } from './norm.js';
import { floatWeight, rows } from './weights.js';
/**
 * Decoder layers one after the other, the first behind the embedding.
 * @param layers rising, counted from 0 through the whole model
 * @returns the graph output `hidden_out` [B, S, D]
 */
export function decoderLayers(context, layers, queryRows) {
    const [first, last] = [layers[0], layers.at(-1)];
    const capacity = context.graph.node('Shape', [pastKey(first)], { start: { int: 3 }, end: { int: 4 } });
    let hidden = first === 0 ? embedTokens(context) : 'hidden';
    for (const layer of layers) {
        const attend = (x) => attention(context, layer, x, capacity, queryRows);
        hidden = decoderLayer(context, layer, hidden, attend, layer === last ? 'hidden_out' : undefined);
    }
    return hidden;
}
/** `input_ids` [B, S] → [B, S, D] */
function embedTokens({ graph, architecture: { embeddingScale }, find }) {
    const embedded = rows(graph, 'input_ids', EMBEDDING, find(EMBEDDING));
    return embeddingScale === 1 ? embedded : graph.node('Mul', [embedded, graph.float(embeddingScale)]);
}
/**
 * One layer around its attention.
 * @param attend normed hidden states [B, S, D] → mixed values of all heads [B, S, H · hd]
 * @param output name of the result, if it leaves the graph
 */
function decoderLayer(context, layer, hidden, attend, output) {
    const { graph, architecture, find } = context;
    const { inputNorm, postNorm } = layerTensorNames(layer);
    const normed = (x, name) => norm(graph, architecture, x, floatWeight(graph, name, find(name)));
    const mixed = attend(normed(hidden, inputNorm));
    const afterAttention = graph.node('Add', [hidden, project(context, layer, 'o', mixed)]);
    const mlpInput = normed(afterAttention, postNorm);
    const gate = activate(graph, architecture.activation, project(context, layer, 'gate', mlpInput));
    const gated = graph.node('Mul', [gate, project(context, layer, 'up', mlpInput)]);
    return graph.node('Add', [afterAttention, project(context, layer, 'down', gated)], {}, output);
}
