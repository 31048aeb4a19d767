import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openSession } from '../../../src/engine/session/session.ts';
import { GraphBuilder } from '../../../src/model/graphs/graph-builder.ts';
import { encodeModel } from '../../../src/model/graphs/onnx.ts';
import { inputErrorOf } from '../../support/failure.ts';
import { tempFolder } from '../../support/temp-folder.ts';

it('refuses a damaged graph file in one line that says to import again', async () => {
  const path = join(tempFolder(), 'segment-00.onnx');
  writeFileSync(path, 'not a graph');
  const error = await inputErrorOf(() => openSession(path));
  expect(error).toMatchObject({ code: 'bad-checkpoint', where: path });
  expect(error.message).toMatch(/^[^\n]*Import the checkpoint again[^\n]*$/);
});

it('returns the outputs that are named, with their types and shapes, and refuses another type', async () => {
  const graph = new GraphBuilder();
  graph.node('Add', ['x', 'x'], {}, 'sum');
  graph.node('ArgMax', ['x'], { axis: { int: -1 }, keepdims: { int: 0 } }, 'largest');
  const value = (name: string, type: 'float' | 'int64', shape: number[]) => ({ name, type, shape }) as const;
  const outputs = [value('sum', 'float', [1, 3]), value('largest', 'int64', [1])];
  const session = await openSession(
    encodeModel(graph.finish('typed', [value('x', 'float', [1, 3])], outputs)),
  );
  const x = { data: Float32Array.of(1, 7, 3), shape: [1, 3] };
  expect(await session.run({ x }, { sum: 'float32' })).toEqual({
    sum: { data: Float32Array.of(2, 14, 6), shape: [1, 3] },
  });
  const { largest } = await session.run({ x }, { largest: 'int64' });
  expect([...largest.data]).toEqual([1n]);
  const error = await inputErrorOf(() => session.run({ x }, { largest: 'float32' }));
  expect(error.message).toContain('output largest is int64, not float32');
  await session.close();
});
