import type { Architecture } from '../checkpoint/architecture.ts';
import { biasName, layerTensorNames } from '../checkpoint/tensor-names.ts';
import type { Projection } from '../networks/network-family.ts';
import type { GraphBuilder } from './graph-builder.ts';
import { type FindWeight, floatWeight, product } from './weights.ts';

/** What the nodes of a layer are made from. */
export interface LayerContext {
  readonly graph: GraphBuilder;
  readonly architecture: Architecture;
  readonly find: FindWeight;
}

/**
 * One of a layer's projections of x [B, S, in] → alpha · (x · weightᵀ + bias) [B, S, out], the bias if it has
 * one.
 */
export function project(
  { graph, architecture, find }: LayerContext,
  layer: number,
  projection: Projection,
  x: string,
  alpha = 1,
): string {
  const weight = layerTensorNames(layer)[projection];
  const projected = product(graph, x, weight, find(weight), { alpha });
  if (!architecture.biases[projection]) return projected;
  const name = biasName(weight);
  const bias = floatWeight(graph, name, find(name));
  // Folded when the session opens.
  const scaled = alpha === 1 ? bias : graph.node('Mul', [bias, graph.float(alpha)]);
  return graph.node('Add', [projected, scaled]);
}
