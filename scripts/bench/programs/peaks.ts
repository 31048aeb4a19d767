import { Worker } from 'node:worker_threads';
import { openSession } from '../../../src/engine/session/session.ts';
import { GraphBuilder } from '../../../src/model/graphs/graph-builder.ts';
import { encodeModel } from '../../../src/model/graphs/onnx.ts';
import type { Peaks } from '../types.ts';

const MATRIX = 2048;
const TRIES = 12;
const COPY_BYTES = 256 * 2 ** 20;
const COPIES = 8;

/** The best of a few: a large product of matrices, and copies in memory by all cores at once. */
export async function measurePeaks(threads: number): Promise<Peaks> {
  return { flopsPerSecond: await productSpeed(), bytesPerSecond: await copySpeed(threads) };
}

/** Of two measurements: a neighbor on the machine can only make one slower. */
export function betterPeaks(one: Peaks, other: Peaks): Peaks {
  return {
    flopsPerSecond: Math.max(one.flopsPerSecond, other.flopsPerSecond),
    bytesPerSecond: Math.max(one.bytesPerSecond, other.bytesPerSecond),
  };
}

async function productSpeed(): Promise<number> {
  const graph = new GraphBuilder();
  graph.node('MatMul', ['a', 'b'], {}, 'product');
  // The product is summed up, since every output is copied.
  graph.node('ReduceSum', ['product', graph.ints(-1)], { keepdims: { int: 0 } }, 'sum');
  const matrix = (name: string) => ({ name, type: 'float' as const, shape: [MATRIX, MATRIX] });
  const model = graph.finish(
    'product',
    [matrix('a'), matrix('b')],
    [{ name: 'sum', type: 'float', shape: [MATRIX] }],
  );
  const session = await openSession(encodeModel(model));
  const data = { data: new Float32Array(MATRIX * MATRIX).fill(0.5), shape: [MATRIX, MATRIX] };
  const seconds = await bestSeconds(() => session.run({ a: data, b: data }, { sum: 'float32' }));
  await session.close();
  return (2 * MATRIX ** 3) / seconds;
}

async function bestSeconds(work: () => Promise<unknown>): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  for (let count = 0; count < TRIES; count++) {
    const startedAt = performance.now();
    await work();
    best = Math.min(best, (performance.now() - startedAt) / 1000);
  }
  return best;
}

/** Bytes read plus bytes written a second. */
async function copySpeed(threads: number): Promise<number> {
  const workers = Array.from({ length: threads }, () => new Worker(COPY_PROGRAM, { eval: true }));
  await Promise.all(workers.map(answerTo));
  const seconds = await bestSeconds(() => Promise.all(workers.map(answerTo)));
  await Promise.all(workers.map((worker) => worker.terminate()));
  return (2 * threads * COPIES * COPY_BYTES) / seconds;
}

const COPY_PROGRAM = `
  const { parentPort } = require('node:worker_threads');
  const from = new Uint8Array(${COPY_BYTES}).fill(1);
  const to = new Uint8Array(${COPY_BYTES}).fill(2);
  parentPort.on('message', () => {
    for (let count = 0; count < ${COPIES}; count++) to.set(from);
    parentPort.postMessage('done');
  });
`;

function answerTo(worker: Worker): Promise<unknown> {
  return new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.postMessage('copy');
  });
}
