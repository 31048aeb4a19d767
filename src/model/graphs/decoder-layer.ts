import { EMBEDDING, layerTensorNames } from '../checkpoint/tensor-names.ts';
import { activate } from './activation.ts';
import { attend, projectHeads, projectKeysValues, type QueryRows } from './attention.ts';
import { type LayerContext, project } from './layer-context.ts';
import { pastKey } from './layer-signature.ts';
import { norm } from './norm.ts';
import { attendEitherWay } from './stepwise-attention.ts';
import { floatWeight, rows } from './weights.ts';

/**
 * Decoder layers one after the other, the first behind the embedding.
 * @param layers in ascending order, counted from 0 through the whole model
 * @param queryRows `either`: those of `tokens`, or stepwise (`attendEitherWay`)
 * @returns the graph output `hidden_out` [B, S, D]
 */
export function decoderLayers(
  context: LayerContext,
  layers: readonly number[],
  queryRows: QueryRows | 'either',
): string {
  const [first, last] = [layers[0]!, layers.at(-1)!];
  const capacity = context.graph.node('Shape', [pastKey(first)], { start: { int: 3 }, end: { int: 4 } });
  let hidden = first === 0 ? embedTokens(context) : 'hidden';
  for (const layer of layers) {
    const attention = (x: string) => attentionOf(context, layer, x, capacity, queryRows);
    hidden = decoderLayer(context, layer, hidden, attention, layer === last ? 'hidden_out' : undefined);
  }
  return hidden;
}

/** Normed hidden states x [B, S, D] → mixed values of all heads [B, S, H · hd]. */
function attentionOf(
  context: LayerContext,
  layer: number,
  x: string,
  capacity: string,
  queryRows: QueryRows | 'either',
): string {
  const projected = projectHeads(context, layer, x);
  if (queryRows === 'either') return attendEitherWay(context, layer, projected, capacity);
  return attend(context, layer, projected, capacity, queryRows);
}

/** The keys and values that a layer would have if `hidden` [B, S, D] were its input, as graph outputs. */
export function carriedHeads(context: LayerContext, layer: number): void {
  const { graph, architecture, find } = context;
  const { inputNorm } = layerTensorNames(layer);
  const normed = norm(graph, architecture, 'hidden', floatWeight(graph, inputNorm, find(inputNorm)));
  projectKeysValues(context, layer, normed);
}

/** `input_ids` [B, S] → [B, S, D] */
function embedTokens({ graph, architecture: { embeddingScale }, find }: LayerContext): string {
  const embedded = rows(graph, 'input_ids', EMBEDDING, find(EMBEDDING));
  return embeddingScale === 1 ? embedded : graph.node('Mul', [embedded, graph.float(embeddingScale)]);
}

/**
 * One layer around its attention.
 * @param attention normed hidden states [B, S, D] → mixed values of all heads [B, S, H · hd]
 * @param output name of the result, if it leaves the graph
 */
function decoderLayer(
  context: LayerContext,
  layer: number,
  hidden: string,
  attention: (x: string) => string,
  output: string | undefined,
): string {
  const { graph, architecture, find } = context;
  const { inputNorm, postNorm } = layerTensorNames(layer);
  const normed = (x: string, name: string) =>
    norm(graph, architecture, x, floatWeight(graph, name, find(name)));
  const mixed = attention(normed(hidden, inputNorm));
  const afterAttention = graph.node('Add', [hidden, project(context, layer, 'o', mixed)]);
  const mlpInput = normed(afterAttention, postNorm);
  const gate = activate(graph, architecture.activation, project(context, layer, 'gate', mlpInput));
  const gated = graph.node('Mul', [gate, project(context, layer, 'up', mlpInput)]);
  return graph.node('Add', [afterAttention, project(context, layer, 'down', gated)], {}, output);
}
