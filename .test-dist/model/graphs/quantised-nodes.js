import { BLOCK, quantisedShape } from '../quantise/quantise.js';
const FLOAT = 1;
/** Activations are quantised to 8 bits, block by block; with 8-bit weights any other level is far slower. */
const ACCURACY_LEVEL = 4;
function partsIn(graph, name, place) {
    const { file, shape, dtype, offset, bytes, scalesOffset, zerosOffset } = place;
    const [rows, columns] = shape;
    const { blocks, blockBytes, zeroBytes } = quantisedShape(columns, dtype);
    const part = (suffix, type, shape, offset, bytes) => graph.external(`${name}.${suffix}`, type, shape, { file, offset, bytes });
    const codes = part('codes', 'uint8', [rows, blocks, blockBytes], offset, bytes);
    const scales = part('scales', 'float', [rows, blocks], scalesOffset, rows * blocks * 4);
    if (zerosOffset === undefined)
        return { codes, scales };
    return { codes, scales, zeros: part('zeros', 'uint8', [rows, zeroBytes], zerosOffset, rows * zeroBytes) };
}
/** x [.., K] · weightᵀ → [.., N] */
export function quantisedProduct(graph, x, name, place, output) {
    const [N, K] = place.shape;
    const { codes, scales, zeros } = partsIn(graph, name, place);
    const attributes = {
        K: { int: K },
        N: { int: N },
        bits: { int: quantisedShape(K, place.dtype).bits },
        block_size: { int: BLOCK },
        accuracy_level: { int: ACCURACY_LEVEL },
    };
    const multiply = (rows) => graph.contrib('MatMulNBits', [rows, codes, scales, ...(zeros ? [zeros] : [])], attributes, place.dtype === 'int8' ? output : undefined);
    return place.dtype === 'int8' ? multiply(x) : withTwoRows(graph, x, [N, K], multiply);
}
/**
 * A product of at least two rows. ONNX Runtime adds up a single row times 4-bit weights in another order than the same
 * row among others, and an answer must not depend on what it was batched with. Tokens of a step are counted by
 * `position_ids`. ONNX Runtime merges the nodes that come out alike for every weight.
 */
function withTwoRows(graph, x, [N, K], multiply) {
    const zero = graph.ints(0);
    const tokens = graph.reshape(graph.node('Size', ['position_ids']), [1]);
    const missing = graph.node('Max', [graph.node('Sub', [graph.ints(2), tokens]), zero]);
    const rows = graph.reshape(x, [-1, K]);
    const more = graph.node('Slice', [rows, zero, missing, zero]);
    const products = multiply(graph.node('Concat', [rows, more], { axis: { int: 0 } }));
    const wanted = graph.node('Slice', [products, zero, tokens, zero]);
    const shape = graph.node('Concat', [graph.node('Shape', ['position_ids']), graph.ints(N)], {
        axis: { int: 0 },
    });
    return graph.node('Reshape', [wanted, shape]);
}
/** Rows of an 8-bit matrix [N, K] by ids [B, S] → [B, S, K]. */
export function quantisedRows(graph, ids, name, place) {
    const columns = place.shape[1];
    const { blocks } = quantisedShape(columns, place.dtype);
    const { codes, scales } = partsIn(graph, name, place);
    const numbers = graph.node('Cast', [graph.node('Gather', [codes, ids])], { to: { int: FLOAT } });
    const centred = graph.node('Sub', [numbers, graph.float(128)]); // [B, S, blocks, 32]
    const scale = graph.reshape(graph.node('Gather', [scales, ids]), [0, 0, blocks, 1]);
    const row = graph.reshape(graph.node('Mul', [centred, scale]), [0, 0, blocks * BLOCK]);
    return columns === blocks * BLOCK ? row : graph.sliceLast(row, graph.ints(0), graph.ints(columns));
}
