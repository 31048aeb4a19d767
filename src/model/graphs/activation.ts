import type { Activation } from '../networks/network-family.ts';
import type { GraphBuilder } from './graph-builder.ts';

/** The activation of a network's MLP, element by element. */
export function activate(graph: GraphBuilder, activation: Activation, x: string): string {
  switch (activation) {
    case 'silu':
      return graph.node('Mul', [x, graph.node('Sigmoid', [x])]);
    case 'gelu-tanh':
      // ONNX Runtime's approximation of GELU is the one with tanh.
      return graph.contrib('FastGelu', [x]);
  }
}
