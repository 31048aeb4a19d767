import { biasName, layerTensorNames } from '../checkpoint/tensor-names.js';
import { floatWeight, product } from './weights.js';
/** One of a layer's projections of x [B, S, in] → alpha · (x · weightᵀ + bias) [B, S, out], the bias if it has one. */
export function project({ graph, architecture, find }, layer, projection, x, alpha = 1) {
    const weight = layerTensorNames(layer)[projection];
    const projected = product(graph, x, weight, find(weight), { alpha });
    if (!architecture.biases[projection])
        return projected;
    const name = biasName(weight);
    const bias = floatWeight(graph, name, find(name));
    // Folded when the session opens.
    const scaled = alpha === 1 ? bias : graph.node('Mul', [bias, graph.float(alpha)]);
    return graph.node('Add', [projected, scaled]);
}
