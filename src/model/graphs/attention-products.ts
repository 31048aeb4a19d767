import type { Architecture } from '../checkpoint/architecture.ts';
import type { GraphBuilder } from './graph-builder.ts';

/** The order of this many axes with the last two swapped. */
function lastTwoSwapped(axes: 5 | 6): readonly number[] {
  return axes === 5 ? [0, 1, 2, 4, 3] : [0, 1, 2, 3, 5, 4];
}

/**
 * query [B, kvH, G, .., S, hd], key [B, kvH, 1, .., N, hd] → [B, kvH, G, .., S, N]: a product for each query
 * head, so that a decode step is vectors times matrices. ONNX Runtime 1.30.0 sums those in one order for any
 * capacity, any rows and any number of threads; it splits the sums of larger products by their size and by the
 * threads at hand. Guarded by test/engine/batch-invariance.test.ts.
 * @param axes of the operands
 */
export function scoresOf(
  graph: GraphBuilder,
  { kvHeads }: Architecture,
  query: string,
  key: string,
  axes: 5 | 6 = 5,
): string {
  const transB = { transB: { int: 1 } };
  if (kvHeads > 1) return graph.contrib('FusedMatMul', [query, key], transB);
  return graph.transpose(graph.contrib('FusedMatMul', [key, query], transB), lastTwoSwapped(axes));
}

/**
 * weights [B, kvH, G, .., S, N], value [B, kvH, 1, .., N, hd] → [B, kvH, G, .., S, hd]. With one key head and
 * one row, ONNX Runtime 1.30.0 would fold the query heads into one larger product; it does not fold the two
 * sides swapped. Guarded by test/engine/batch-invariance.test.ts.
 * @param axes of the operands
 */
export function mix(
  graph: GraphBuilder,
  { kvHeads }: Architecture,
  weights: string,
  value: string,
  axes: 5 | 6 = 5,
): string {
  if (kvHeads > 1) return graph.node('MatMul', [weights, value]);
  const both = { transA: { int: 1 }, transB: { int: 1 } };
  return graph.transpose(graph.contrib('FusedMatMul', [value, weights], both), lastTwoSwapped(axes));
}
