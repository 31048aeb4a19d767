/**
 * How close ONNX Runtime's products with weights come to the machine's peak, by the rows that go through together: what
 * no engine that decodes with them can exceed. One thread, in its processor time, so that other programs disturb little.
 *
 *     npx tsx scripts/measure/product-speed.ts <model folder>
 *
 * The seven products of each layer in the network's shapes, with nothing between them but additions and products of
 * elements; weights are zeros, packed as at run time. The peak: a product of square matrices, in turn with them.
 */
import { openSession, type Session } from '../../src/engine/session/session.ts';
import type { Architecture } from '../../src/model/checkpoint/architecture.ts';
import { readManifest } from '../../src/model/folder/read-manifest.ts';
import { GraphBuilder } from '../../src/model/graphs/graph-builder.ts';
import { encodeModel } from '../../src/model/graphs/onnx.ts';
import { linear } from '../../src/model/graphs/weights.ts';
import { alignedText } from '../../src/terminal/terminal-layout.ts';

const ROWS = [1, 4, 8, 16, 32, 64, 128];
const SQUARE = 768;
const ROUNDS = 7;
/** Enough layers that their weights lie in memory, not in a cache, as all layers of the network do. */
const MOST_BYTES = 160e6;

const [folder] = process.argv.slice(2);
if (!folder) throw new Error('usage: product-speed.ts <model folder>');
const { architecture } = readManifest(folder);
const { hiddenSize: D, intermediateSize: F, heads, kvHeads, headDim } = architecture;
const layerWeights = 2 * D * heads * headDim + 2 * D * kvHeads * headDim + 3 * D * F;
const layers = Math.min(architecture.layers, Math.ceil(MOST_BYTES / (4 * layerWeights)));

const products = await openSession(encodeModel(layersGraph(architecture, layers)), 1);
const square = await openSession(encodeModel(squareGraph()), 1);
const measured = new Map<number, number[]>(ROWS.map((rows) => [rows, []]));
const squares: number[] = [];
for (let round = 0; round < ROUNDS; round++) {
  squares.push(await secondsOf(square, SQUARE, SQUARE));
  for (const [rows, seconds] of measured) seconds.push(await secondsOf(products, rows, D));
}
const peak = (2 * SQUARE ** 3) / median(squares);
await products.close();
await square.close();

console.log(
  `${layers} of ${architecture.layers} layers; peak ${(peak / 1e9).toFixed(1)} GFLOP/s of one core\n`,
);
const table = [...measured].map(([rows, all]) => {
  const seconds = median(all);
  const speed = (2 * rows * layers * layerWeights) / seconds;
  const bytes = (4 * layers * layerWeights) / seconds;
  const share = `${((100 * speed) / peak).toFixed(0)} %`;
  return [`${rows}`, (speed / 1e9).toFixed(1), share, (bytes / 1e9).toFixed(1)];
});
console.log(alignedText([['rows', 'GFLOP/s', 'of peak', 'GB/s of weights'], ...table]));

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)]!;
}

/** Processor time of a run. */
async function secondsOf(session: Session, rows: number, width: number): Promise<number> {
  const x = { data: new Float32Array(rows * width).fill(0.5), shape: [rows, width] };
  const before = process.cpuUsage();
  await session.run({ x }, { sum: 'float32' });
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

function layersGraph(network: Architecture, count: number) {
  const graph = new GraphBuilder();
  const width = network.heads * network.headDim;
  const narrow = network.kvHeads * network.headDim;
  const weight = (out: number, from: number) => graph.node('ConstantOfShape', [graph.ints(out, from)]);
  let [x, others] = ['x', ''];
  for (let layer = 0; layer < count; layer++) {
    const [key, value] = [linear(graph, x, weight(narrow, D)), linear(graph, x, weight(narrow, D))];
    const both = graph.node('Add', [key, value]);
    others = others ? graph.node('Add', [others, both]) : both;
    const mixed = linear(graph, linear(graph, x, weight(width, D)), weight(D, width));
    const [gate, up] = [linear(graph, mixed, weight(F, D)), linear(graph, mixed, weight(F, D))];
    x = linear(graph, graph.node('Mul', [gate, up]), weight(D, F));
  }
  const sums = [x, others].map((part) => sumOf(graph, part));
  graph.node('Add', sums, {}, 'sum');
  return graph.finish(
    'products',
    [{ name: 'x', type: 'float', shape: ['N', D] }],
    [{ name: 'sum', type: 'float', shape: ['N'] }],
  );
}

function squareGraph() {
  const graph = new GraphBuilder();
  const weight = graph.node('ConstantOfShape', [graph.ints(SQUARE, SQUARE)]);
  graph.node('Identity', [sumOf(graph, linear(graph, 'x', weight))], {}, 'sum');
  return graph.finish(
    'square',
    [{ name: 'x', type: 'float', shape: ['N', SQUARE] }],
    [{ name: 'sum', type: 'float', shape: ['N'] }],
  );
}

/** What leaves a graph is copied, so only sums leave it. */
function sumOf(graph: GraphBuilder, x: string): string {
  return graph.node('ReduceSum', [x, graph.ints(-1)], { keepdims: { int: 0 } });
}
