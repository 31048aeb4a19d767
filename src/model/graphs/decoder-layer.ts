import { EMBEDDING, layerTensorNames } from '../checkpoint/tensor-names.ts';
import { activate } from './activation.ts';
import { attention, type QueryRows } from './attention.ts';
import { type LayerContext, project } from './layer-context.ts';
import { pastKey } from './layer-signature.ts';
import { norm } from './norm.ts';
import { floatWeight, rows } from './weights.ts';

/**
 * Decoder layers one after the other, the first behind the embedding.
 * @param layers in ascending order, counted from 0 through the whole model
 * @returns the graph output `hidden_out` [B, S, D]
 */
export function decoderLayers(
  context: LayerContext,
  layers: readonly number[],
  queryRows: QueryRows,
): string {
  const [first, last] = [layers[0]!, layers.at(-1)!];
  const capacity = context.graph.node('Shape', [pastKey(first)], { start: { int: 3 }, end: { int: 4 } });
  let hidden = first === 0 ? embedTokens(context) : 'hidden';
  for (const layer of layers) {
    const attend = (x: string) => attention(context, layer, x, capacity, queryRows);
    hidden = decoderLayer(context, layer, hidden, attend, layer === last ? 'hidden_out' : undefined);
  }
  return hidden;
}

/** `input_ids` [B, S] → [B, S, D] */
function embedTokens({ graph, architecture: { embeddingScale }, find }: LayerContext): string {
  const embedded = rows(graph, 'input_ids', EMBEDDING, find(EMBEDDING));
  return embeddingScale === 1 ? embedded : graph.node('Mul', [embedded, graph.float(embeddingScale)]);
}

/**
 * One layer around its attention.
 * @param attend normed hidden states [B, S, D] → mixed values of all heads [B, S, H · hd]
 * @param output name of the result, if it leaves the graph
 */
function decoderLayer(
  context: LayerContext,
  layer: number,
  hidden: string,
  attend: (x: string) => string,
  output: string | undefined,
): string {
  const { graph, architecture, find } = context;
  const { inputNorm, postNorm } = layerTensorNames(layer);
  const normed = (x: string, name: string) =>
    norm(graph, architecture, x, floatWeight(graph, name, find(name)));
  const mixed = attend(normed(hidden, inputNorm));
  const afterAttention = graph.node('Add', [hidden, project(context, layer, 'o', mixed)]);
  const mlpInput = normed(afterAttention, postNorm);
  const gate = activate(graph, architecture.activation, project(context, layer, 'gate', mlpInput));
  const gated = graph.node('Mul', [gate, project(context, layer, 'up', mlpInput)]);
  return graph.node('Add', [afterAttention, project(context, layer, 'down', gated)], {}, output);
}
