import { attend, type ProjectedHeads } from './attention.ts';
import { mix, scoresOf } from './attention-products.ts';
import type { LayerContext } from './layer-context.ts';
import { maskOf, PLACES, pastKey, pastValue } from './layer-signature.ts';

/**
 * Attention that can also read S new tokens as S single steps would, bit for bit. The engine chooses by `places`:
 * with none, all tokens go through one product, as in {@link attend}.
 * @param capacity 1-D int64: C, the past tokens that the cache has room for
 * @returns mixed values of all heads [B, S, H · hd]
 */
export function attendEitherWay(
  context: LayerContext,
  layer: number,
  projected: ProjectedHeads,
  capacity: string,
): string {
  const { graph } = context;
  const isStepwise = graph.node('Greater', [graph.node('Size', [PLACES]), graph.ints(0)]);
  return graph.either(
    isStepwise,
    (branch) => attendStepwise({ ...context, graph: branch }, layer, projected, capacity),
    (branch) => attend({ ...context, graph: branch }, layer, projected, capacity, 'tokens'),
  );
}

/**
 * The new keys and values go to their places among the past ones; then each new token is a step of its own: its
 * products are vectors times the same matrices, its own key and value stand apart, and its scores are joined and
 * summed over C + 1 as in a step. So its row of the mask [B, 1, 1, S, C + 1] is that of a single step, too.
 */
function attendStepwise(
  { graph, architecture }: LayerContext,
  layer: number,
  { query, key, value }: ProjectedHeads,
  capacity: string,
): string {
  const { heads, kvHeads, headDim } = architecture;
  const queries = graph.reshape(query, [0, kvHeads, heads / kvHeads, -1, 1, headDim]); // [B, kvH, G, S, 1, hd]
  const filled = (past: string, present: string) => {
    const positions = graph.reshape(past, [0, kvHeads, -1, headDim]);
    const all = graph.node('ScatterND', [positions, PLACES, present]);
    return graph.reshape(all, [0, kvHeads, 1, 1, -1, headDim]); // [B, kvH, 1, 1, C, hd]
  };
  const own = (present: string) => graph.reshape(present, [0, kvHeads, 1, -1, 1, headDim]); // [B, kvH, 1, S, 1, hd]
  const scores = [
    scoresOf(graph, architecture, queries, filled(pastKey(layer), key), 6),
    scoresOf(graph, architecture, queries, own(key), 6),
  ];
  const mask = graph.node('Unsqueeze', [maskOf(architecture, layer), graph.ints(4)]); // [B, 1, 1, S, 1, C + 1]
  const masked = graph.node('Add', [graph.node('Concat', scores, { axis: { int: -1 } }), mask]);
  const weights = graph.node('Softmax', [masked], { axis: { int: -1 } });
  const ofPast = graph.sliceLast(weights, graph.ints(0), capacity);
  const mixed = graph.node('Add', [
    mix(graph, architecture, ofPast, filled(pastValue(layer), value), 6),
    mix(graph, architecture, graph.sliceLast(weights, capacity), own(value), 6),
  ]);
  const byToken = graph.transpose(graph.reshape(mixed, [0, heads, -1, headDim]), [0, 2, 1, 3]);
  return graph.reshape(byToken, [0, 0, heads * headDim]);
}
