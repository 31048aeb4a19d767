import { headNormNames } from '../checkpoint/tensor-names.ts';
import { mix, scoresOf } from './attention-products.ts';
import { type LayerContext, project } from './layer-context.ts';
import { maskOf, pastKey, pastValue, presentKey, presentValue } from './layer-signature.ts';
import { norm } from './norm.ts';
import { floatWeight } from './weights.ts';

/**
 * What the rows of attention's products are. `tokens`: the S new tokens, in a product for each query head.
 * `beams`: all query heads of a key head times all S tokens, so that keys and values are read once for all of
 * them.
 */
export type QueryRows = 'tokens' | 'beams';

/** Of a layer's new tokens: query [B, H, S, hd], scaled; present key and value [B, kvH, S, hd]. */
export interface ProjectedHeads {
  readonly query: string;
  readonly key: string;
  readonly value: string;
}

/**
 * Grouped-query attention over past and new tokens; the mask alone decides what a token attends to.
 * @param capacity 1-D int64: C, the past tokens that the cache has room for
 * @returns mixed values of all heads [B, S, H · hd]
 */
export function attend(
  context: LayerContext,
  layer: number,
  { query, key, value }: ProjectedHeads,
  capacity: string,
  rows: QueryRows,
): string {
  const { graph, architecture } = context;
  const { heads, kvHeads, headDim } = architecture;
  const groups = rows === 'beams' ? 1 : heads / kvHeads;
  const byGroup = (perHead: string, count: number) =>
    graph.reshape(perHead, [0, kvHeads, count, -1, headDim]);
  const queries = byGroup(query, groups); //  tokens: [B, kvH, G, S, hd]; beams: [B, kvH, 1, G · S, hd]
  // Each kind of graph lists these nodes in an order of its own; graphs are compared with earlier ones byte
  // by byte.
  const keysFirst = rows === 'beams' ? byGroup(key, 1) : undefined;
  const pastScores = scoresOf(graph, architecture, queries, pastKey(layer));
  const newScores = scoresOf(graph, architecture, queries, keysFirst ?? byGroup(key, 1));
  const weights = attentionWeights(context, layer, [pastScores, newScores], rows);
  const mixed = graph.node('Add', [
    mix(graph, architecture, graph.sliceLast(weights, graph.ints(0), capacity), pastValue(layer)),
    mix(graph, architecture, graph.sliceLast(weights, capacity), byGroup(value, 1)),
  ]);
  const byToken = graph.transpose(graph.reshape(mixed, [0, heads, -1, headDim]), [0, 2, 1, 3]);
  return graph.reshape(byToken, [0, 0, heads * headDim]);
}

/**
 * Normed hidden states x [B, S, D] → query, key and value of all heads, rotated. The graph gets key and value as
 * outputs.
 */
export function projectHeads(context: LayerContext, layer: number, x: string): ProjectedHeads {
  const { heads, headDim } = context.architecture;
  const query = rotate(context, projectAndNorm(context, layer, 'q', x, 1 / Math.sqrt(headDim)));
  return { query: splitHeads(context, query, heads), ...projectKeysValues(context, layer, x) };
}

/** The same without a query. */
export function projectKeysValues(
  context: LayerContext,
  layer: number,
  x: string,
): Omit<ProjectedHeads, 'query'> {
  const { kvHeads } = context.architecture;
  const keys = rotate(context, projectAndNorm(context, layer, 'k', x));
  return {
    key: splitHeads(context, keys, kvHeads, presentKey(layer)),
    value: splitHeads(context, project(context, layer, 'v', x), kvHeads, presentValue(layer)),
  };
}

function rotate({ graph }: LayerContext, value: string): string {
  return graph.contrib('RotaryEmbedding', [value, 'position_ids', 'cos', 'sin']);
}

/** [B, S, count · hd] → [B, count, S, hd] */
function splitHeads(
  { graph, architecture }: LayerContext,
  value: string,
  count: number,
  name?: string,
): string {
  return graph.transpose(graph.reshape(value, [0, 0, count, architecture.headDim]), [0, 2, 1, 3], name);
}

/** x [B, S, D] → alpha · the projection [B, S, out], through the norm of its heads if the network has one. */
function projectAndNorm(
  context: LayerContext,
  layer: number,
  projection: 'q' | 'k',
  x: string,
  alpha = 1,
): string {
  const { graph, architecture, find } = context;
  if (!architecture.headNorms) return project(context, layer, projection, x, alpha);
  const name = headNormNames(layer)[projection];
  const byHead = graph.reshape(project(context, layer, projection, x), [0, 0, -1, architecture.headDim]);
  const normed = norm(graph, architecture, byHead, floatWeight(graph, name, find(name)), alpha);
  return graph.reshape(normed, [0, 0, -1]);
}

/** Scores over past and new tokens → their softmax [B, kvH, .., .., C + S], in the rows of the queries. */
function attentionWeights(
  { graph, architecture }: LayerContext,
  layer: number,
  scores: readonly string[],
  rows: QueryRows,
): string {
  const { heads, kvHeads } = architecture;
  const joined = graph.node('Concat', scores, { axis: { int: -1 } });
  // The mask is that of the tokens, [B, 1, 1, S, C + S].
  const perHead = rows === 'beams' ? graph.reshape(joined, [0, kvHeads, heads / kvHeads, -1, 0]) : joined;
  const masked = graph.node('Add', [perHead, maskOf(architecture, layer)]); // [B, kvH, G, S, C + S]
  const weights = graph.node('Softmax', [masked], { axis: { int: -1 } });
  return rows === 'beams' ? graph.reshape(weights, [0, kvHeads, 1, -1, 0]) : weights;
}
