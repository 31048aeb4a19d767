import { isQuantised } from '../quantise/weight-place.js';
import { quantisedProduct, quantisedRows } from './quantised-nodes.js';
const DTYPE_TO_ONNX = {
    F32: 'float',
    F16: 'float16',
    BF16: 'bfloat16',
};
const FLOAT = 1;
/** alpha · x [.., in] · weightᵀ → [.., out], for weights [out, in] of any precision. */
export function product(graph, x, weight, place, { alpha = 1, name } = {}) {
    if (!isQuantised(place))
        return linear(graph, x, floatWeight(graph, weight, place), { alpha, ...(name && { name }) });
    if (alpha === 1)
        return quantisedProduct(graph, x, weight, place, name);
    return graph.node('Mul', [quantisedProduct(graph, x, weight, place), graph.float(alpha)], {}, name);
}
/** Rows of a weight [N, K] by ids [B, S] → [B, S, K]. */
export function rows(graph, ids, weight, place) {
    if (isQuantised(place))
        return quantisedRows(graph, ids, weight, place);
    return graph.node('Gather', [floatWeight(graph, weight, place), ids]);
}
/** A weight of floats, as float32. F16 and BF16 get a Cast, which ONNX Runtime folds when the session opens. */
export function floatWeight(graph, name, place) {
    if (isQuantised(place))
        throw new Error(`${name} is quantised`);
    graph.external(name, DTYPE_TO_ONNX[place.dtype], place.shape, place);
    return place.dtype === 'F32' ? name : graph.node('Cast', [name], { to: { int: FLOAT } });
}
/** alpha · x [.., in] · weightᵀ, weight [out, in] as the checkpoint holds it → [.., out]. */
export function linear(graph, x, weight, { alpha = 1, name } = {}) {
    const attributes = { transB: { int: 1 }, alpha: { float: alpha } };
    return graph.contrib('FusedMatMul', [x, weight], attributes, name);
}
