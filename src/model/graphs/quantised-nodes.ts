import { BLOCK, quantisedShape } from '../quantise/quantise.ts';
import type { QuantisedPlace } from '../quantise/weight-place.ts';
import type { GraphBuilder } from './graph-builder.ts';

const FLOAT = 1;
/**
 * Activations are quantised to 8 bits, block by block; with 8-bit weights, ONNX Runtime 1.30.0 is far slower
 * at any other level.
 */
const ACCURACY_LEVEL = 4;

interface Parts {
  readonly codes: string;
  readonly scales: string;
  readonly zeros?: string;
}

function partsIn(graph: GraphBuilder, name: string, place: QuantisedPlace): Parts {
  const { file, shape, dtype, offset, bytes, scalesOffset, zerosOffset } = place;
  const [rows, columns] = shape as [number, number];
  const { blocks, blockBytes, zeroBytes } = quantisedShape(columns, dtype);
  const part = (suffix: string, type: 'uint8' | 'float', shape: number[], offset: number, bytes: number) =>
    graph.external(`${name}.${suffix}`, type, shape, { file, offset, bytes });
  const codes = part('codes', 'uint8', [rows, blocks, blockBytes], offset, bytes);
  const scales = part('scales', 'float', [rows, blocks], scalesOffset, rows * blocks * 4);
  if (zerosOffset === undefined) return { codes, scales };
  return { codes, scales, zeros: part('zeros', 'uint8', [rows, zeroBytes], zerosOffset, rows * zeroBytes) };
}

/** x [.., K] · weightᵀ → [.., N] */
export function quantisedProduct(
  graph: GraphBuilder,
  x: string,
  name: string,
  place: QuantisedPlace,
  output?: string,
): string {
  const [N, K] = place.shape as [number, number];
  const { codes, scales, zeros } = partsIn(graph, name, place);
  const attributes = {
    K: { int: K },
    N: { int: N },
    bits: { int: quantisedShape(K, place.dtype).bits },
    block_size: { int: BLOCK },
    accuracy_level: { int: ACCURACY_LEVEL },
  };
  const multiply = (rows: string) =>
    graph.contrib(
      'MatMulNBits',
      [rows, codes, scales, ...(zeros ? [zeros] : [])],
      attributes,
      place.dtype === 'int8' ? output : undefined,
    );
  return place.dtype === 'int8' ? multiply(x) : withTwoRows(graph, x, [N, K], multiply);
}

/**
 * A product of at least two rows. ONNX Runtime 1.30.0 sums a single row times 4-bit weights in another order
 * than the same row among others, and a response must not depend on what it was batched with (guarded by
 * test/model/graphs/quantised-nodes.test.ts). `position_ids` gives the number of tokens. ONNX Runtime merges
 * the nodes that are equal for all weights.
 */
function withTwoRows(
  graph: GraphBuilder,
  x: string,
  [N, K]: readonly [number, number],
  multiply: (rows: string) => string,
): string {
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
export function quantisedRows(graph: GraphBuilder, ids: string, name: string, place: QuantisedPlace): string {
  const columns = place.shape[1]!;
  const { blocks } = quantisedShape(columns, place.dtype);
  const { codes, scales } = partsIn(graph, name, place);
  const numbers = graph.node('Cast', [graph.node('Gather', [codes, ids])], { to: { int: FLOAT } });
  const centred = graph.node('Sub', [numbers, graph.float(128)]); // [B, S, blocks, 32]
  const scale = graph.reshape(graph.node('Gather', [scales, ids]), [0, 0, blocks, 1]);
  const row = graph.reshape(graph.node('Mul', [centred, scale]), [0, 0, blocks * BLOCK]);
  return columns === blocks * BLOCK ? row : graph.sliceLast(row, graph.ints(0), graph.ints(columns));
}
