import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openSession } from '../../../src/engine/session/session.ts';
import { GraphBuilder } from '../../../src/model/graphs/graph-builder.ts';
import { encodeModel, type OnnxValue } from '../../../src/model/graphs/onnx.ts';
import { floatWeight, product, rows } from '../../../src/model/graphs/weights.ts';
import { dequantiseRows, type QuantisedDtype, quantiseRows } from '../../../src/model/quantise/quantise.ts';
import type { QuantisedPlace } from '../../../src/model/quantise/weight-place.ts';
import { seededRandom } from '../../support/random.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const root = tempFolder();
const random = seededRandom(4);
const ids = { name: 'ids', type: 'int64', shape: ['B', 'S'] } as const;
let count = 0;

/** A random matrix in a file, and the numbers that it stands for. */
function store(rows: number, columns: number, dtype: QuantisedDtype) {
  const values = Float32Array.from({ length: rows * columns }, () => random.normal());
  const quantised = quantiseRows(values, columns, dtype);
  const { codes, scales, zeros } = quantised;
  const file = `weights-${count++}.bin`;
  const parts = [Buffer.from(scales.buffer), Buffer.from(codes.buffer), Buffer.from(zeros.buffer)];
  writeFileSync(join(root, file), Buffer.concat(parts));
  const place: QuantisedPlace = {
    file,
    dtype,
    shape: [rows, columns],
    offset: scales.byteLength,
    bytes: codes.length,
    scalesOffset: 0,
    ...(dtype === 'int4' && { zerosOffset: scales.byteLength + codes.length }),
  };
  return { place, values: dequantiseRows(quantised, columns, dtype) };
}

function open(graph: GraphBuilder, inputs: OnnxValue[], shape: (string | number)[]) {
  const path = join(root, `graph-${count++}.onnx`);
  writeFileSync(path, encodeModel(graph.finish('test', inputs, [{ name: 'y', type: 'float', shape }])));
  return openSession(path);
}

describe.each<[QuantisedDtype, number, number]>([
  ['int8', 64, 64],
  ['int8', 37, 30],
  ['int8', 5, 100],
  ['int4', 64, 64],
  ['int4', 37, 30],
  ['int4', 5, 100],
])('a product with a matrix of %s, %i × %i', (dtype, rows, columns) => {
  const run = async (x: Float32Array, [batch, step]: [number, number], alpha: number) => {
    const graph = new GraphBuilder();
    graph.node('Identity', [product(graph, 'x', 'w', place, { alpha })], {}, 'y');
    const input = { name: 'x', type: 'float', shape: ['B', 'S', columns] } as const;
    const session = await open(graph, [input, { ...ids, name: 'position_ids' }], ['B', 'S', rows]);
    const position_ids = { data: new BigInt64Array(batch * step), shape: [batch, step] };
    const inputs = { x: { data: x, shape: [batch, step, columns] }, position_ids };
    const { y } = await session.run(inputs, { y: 'float32' });
    await session.close();
    return y;
  };
  const { place, values } = store(rows, columns, dtype);

  it('is one with the numbers that the matrix stands for', async () => {
    // A row with a single 1 is not rounded; the product is a column of the matrix.
    const unit = new Float32Array(columns * columns);
    for (let column = 0; column < columns; column++) unit[column * columns + column] = 1;
    const y = await run(unit, [columns, 1], 0.5);
    expect(y.shape).toEqual([columns, 1, rows]);
    for (let column = 0; column < columns; column++) {
      for (let row = 0; row < rows; row++) {
        expect(y.data[column * rows + row]).toBeCloseTo(0.5 * values[row * columns + column]!, 5);
      }
    }
  });

  it('gives a row the same bits alone and among others', async () => {
    const x = Float32Array.from({ length: 12 * columns }, () => random.normal());
    const together = (await run(x, [4, 3], 1)).data;
    for (let row = 0; row < 12; row++) {
      const alone = await run(x.subarray(row * columns, (row + 1) * columns), [1, 1], 1);
      expect(alone.data).toEqual(together.slice(row * rows, (row + 1) * rows));
    }
  });
});

it.each([32, 30, 100])('rows of an 8-bit matrix of %i columns are what they stand for', async (columns) => {
  const { place, values } = store(11, columns, 'int8');
  const graph = new GraphBuilder();
  graph.node('Identity', [rows(graph, 'ids', 'w', place)], {}, 'y');
  const session = await open(graph, [ids], ['B', 'S', columns]);
  const wanted = [10, 0, 3, 3];
  const inputs = { ids: { data: BigInt64Array.from(wanted, BigInt), shape: [2, 2] } };
  const { y } = await session.run(inputs, { y: 'float32' });
  await session.close();
  expect(y.shape).toEqual([2, 2, columns]);
  const expected = wanted.flatMap((row) => [...values.subarray(row * columns, (row + 1) * columns)]);
  expect([...y.data]).toEqual(expected);
});

it('a quantised matrix cannot be taken for floats', () => {
  const { place } = store(2, 32, 'int8');
  expect(() => floatWeight(new GraphBuilder(), 'w', place)).toThrow('w is quantised');
});
