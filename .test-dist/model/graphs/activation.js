/** The activation of a network's MLP, element by element. */
export function activate(graph, activation, x) {
    switch (activation) {
        case 'silu':
            return graph.node('Mul', [x, graph.node('Sigmoid', [x])]);
        case 'gelu-tanh':
            // ONNX Runtime's approximation of GELU is the one with tanh.
            return graph.contrib('FastGelu', [x]);
    }
}
