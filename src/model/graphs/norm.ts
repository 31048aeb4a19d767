import type { Architecture } from '../checkpoint/architecture.ts';
import type { GraphBuilder } from './graph-builder.ts';

/** Which norm a network has. */
export type NormShape = Pick<Architecture, 'norm' | 'rmsNormEps'>;

const FLOAT = 1;

/**
 * The network's norm over the last axis, computed in float32; every norm of every graph is made here.
 * @param weight float32 [D], as the checkpoint holds it
 * @param alpha factor of the result
 */
export function norm(graph: GraphBuilder, shape: NormShape, x: string, weight: string, alpha = 1): string {
  const attributes = {
    axis: { int: -1 },
    epsilon: { float: shape.rmsNormEps },
    stash_type: { int: FLOAT },
  };
  const scale = scaleOf(graph, shape, weight);
  // Folded when the session opens.
  const scaled = alpha === 1 ? scale : graph.node('Mul', [scale, graph.float(alpha)]);
  return graph.node('SimplifiedLayerNormalization', [x, scaled], attributes);
}

function scaleOf(graph: GraphBuilder, shape: NormShape, weight: string): string {
  switch (shape.norm) {
    case 'rms':
      return weight;
    case 'rms-plus-one':
      // Folded when the session opens, unless the weight is an input.
      return graph.node('Add', [weight, graph.float(1)]);
  }
}
