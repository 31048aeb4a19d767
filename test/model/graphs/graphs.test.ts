import { describe, expect, it } from 'vitest';
import { openSession } from '../../../src/engine/session/session.ts';
import { GraphBuilder } from '../../../src/model/graphs/graph-builder.ts';
import { klGraph } from '../../../src/model/graphs/head-graphs.ts';
import { encodeModel, type OnnxGraph } from '../../../src/model/graphs/onnx.ts';
import { seededRandom } from '../../support/random.ts';

const floats = (data: number[], ...shape: number[]) => ({ data: Float32Array.from(data), shape });

/** x [N, 4] → y, by whatever nodes `build` adds; it names its result y. */
function graphOf(build: (graph: GraphBuilder) => void): OnnxGraph {
  const graph = new GraphBuilder();
  build(graph);
  return graph.finish(
    'test',
    [{ name: 'x', type: 'float', shape: ['N', 4] }],
    [{ name: 'y', type: 'float', shape: [] }],
  );
}

async function runGraph(graph: OnnxGraph, x: ReturnType<typeof floats>) {
  const session = await openSession(encodeModel(graph));
  const { y } = await session.run({ x }, { y: 'float32' });
  await session.close();
  return { data: [...y.data], shape: y.shape };
}

describe('encodeModel', () => {
  it('writes int, float and list attributes that ONNX Runtime reads', async () => {
    const graph = graphOf((builder) => {
      const halved = builder.contrib('FusedMatMul', ['x', 'x'], {
        transB: { int: 1 },
        alpha: { float: 0.5 },
      });
      builder.transpose(halved, [1, 0], 'y');
    });
    const { data, shape } = await runGraph(graph, floats([1, 2, 3, 4, 0, 1, 0, -1], 2, 4));
    expect(shape).toEqual([2, 2]);
    expect(data).toEqual([15, -1, -1, 1]);
  });

  it('writes constants, negative and beyond 32 bits too', async () => {
    const graph = graphOf((builder) => {
      const shape = builder.reshape('x', [-1, 2, 2]);
      builder.node('Slice', [shape, builder.ints(1), builder.ints(2 ** 40), builder.ints(-1)], {}, 'y');
    });
    expect(await runGraph(graph, floats([1, 2, 3, 4], 1, 4))).toEqual({ data: [2, 4], shape: [1, 2, 1] });
  });
});

describe('klGraph', () => {
  it('gives KL(reference ‖ sub-model) in nats for each head, exit and position', async () => {
    const random = seededRandom(3);
    const normal = (count: number) => Array.from({ length: count }, () => random.normal());
    const [D, V, P, E] = [4, 6, 2, 3];
    const shape = { hiddenSize: D, vocabSize: V, rmsNormEps: 1e-5, norm: 'rms' } as const;
    const inputs = {
      reference_hidden: floats(normal(P * D), P, D),
      reference_norm: floats(normal(D), D),
      reference_head: floats(normal(V * D), V, D),
      'hidden.0': floats(normal(E * P * D), E, P, D),
      'norm.0': floats(normal(D), D),
      'head.0': floats(normal(V * D), V, D),
      'hidden.1': floats(normal(P * D), 1, P, D),
      'norm.1': floats(normal(D), D),
      'head.1': floats(normal(V * D), V, D),
    };
    const session = await openSession(encodeModel(klGraph(shape, shape, 2)));
    const outputs = await session.run(inputs, { 'kl.0': 'float32', 'kl.1': 'float32' });
    await session.close();
    expect(outputs['kl.0'].shape).toEqual([E, P]);
    expect(outputs['kl.1'].shape).toEqual([1, P]);
    for (const [head, exit] of [...Array.from({ length: E }, (_, e) => [0, e] as const), [1, 0] as const]) {
      for (let position = 0; position < P; position++) {
        const p = probabilities(
          inputs.reference_hidden,
          position,
          inputs.reference_norm,
          inputs.reference_head,
        );
        const row = exit * P + position;
        const q = probabilities(
          inputs[`hidden.${head}`],
          row,
          inputs[`norm.${head}`],
          inputs[`head.${head}`],
        );
        const expected = p.reduce((sum, value, id) => sum + value * Math.log(value / q[id]!), 0);
        expect(outputs[`kl.${head}`].data[row]).toBeCloseTo(expected, 4);
      }
    }
  });
});

type Floats = ReturnType<typeof floats>;

/** Softmax of head · norm(hidden[row]), in float64. */
function probabilities(hidden: Floats, row: number, norm: Floats, head: Floats): number[] {
  const width = norm.data.length;
  const x = [...hidden.data.subarray(row * width, (row + 1) * width)];
  const scale = 1 / Math.sqrt(x.reduce((sum, value) => sum + value * value, 0) / width + 1e-5);
  const normed = x.map((value, i) => value * scale * norm.data[i]!);
  const powers = Array.from({ length: head.shape[0]! }, (_, id) =>
    Math.exp(normed.reduce((sum, value, i) => sum + value * head.data[id * width + i]!, 0)),
  );
  const total = powers.reduce((sum, power) => sum + power);
  return powers.map((power) => power / total);
}
