const FLOAT = 1;
/**
 * The network's norm over the last axis, computed in float32; every norm of every graph is made here.
 * @param weight float32 [D], as the checkpoint holds it
 */
export function norm(graph, shape, x, weight) {
    const attributes = {
        axis: { int: -1 },
        epsilon: { float: shape.rmsNormEps },
        stash_type: { int: FLOAT },
    };
    return graph.node('SimplifiedLayerNormalization', [x, scaleOf(graph, shape, weight)], attributes);
}
function scaleOf(graph, shape, weight) {
    switch (shape.norm) {
        case 'rms':
            return weight;
        case 'rms-plus-one':
            // Folded when the session opens, unless the weight is an input.
            return graph.node('Add', [weight, graph.float(1)]);
    }
}
