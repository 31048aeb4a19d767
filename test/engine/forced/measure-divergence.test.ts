import { expect, it } from 'vitest';
import { type Divergence, measureDivergence } from '../../../src/engine/forced/measure-divergence.ts';
import { teacherForce } from '../../../src/engine/forced/teacher-force.ts';
import { SegmentedModel } from '../../../src/engine/session/segmented-model.ts';
import { headOfExit } from '../../../src/model/folder/manifest.ts';
import { randomIds } from '../../support/decode.ts';
import { seededRandom } from '../../support/random.ts';
import type { CheckpointOptions } from '../../support/random-checkpoint.ts';
import { importRandomModel } from '../../support/random-model.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const root = tempFolder();

it.each<[string, CheckpointOptions]>([
  ['rotates by position', {}],
  [
    'rotates by the length of the prompt',
    { ropeScaling: { type: 'dynamic', factor: 40, originalLength: 16 } },
  ],
])('a continuation’s KL is the same alone and among others, in a network that %s', async (name, options) => {
  const all = { exits: [1, 3, 4], contextLength: 700, ...options };
  const { modelFolder, architecture } = importRandomModel(root, name.replaceAll(' ', '-'), all);
  const random = seededRandom(12);
  const shapes = [
    [20, 5],
    [30, 0],
    [18, 7],
    [20, 5],
    [600, 20],
    [12, 2],
    [24, 1],
  ] as const;
  const continuations = shapes.map(([prompt, answer]) => ({
    context: randomIds(random, prompt, architecture.vocabSize),
    continuation: randomIds(random, answer, architecture.vocabSize),
  }));
  const sides = {
    model: { folder: modelFolder, exits: [1, 4] },
    reference: { folder: modelFolder, exit: 3 },
  };
  const together: Divergence[] = [];
  for await (const divergence of measureDivergence(sides, continuations)) together.push(divergence);
  expect(together.map(({ continuation }) => continuation).sort()).toEqual(
    continuations.map((_, index) => index),
  );
  for (const { continuation, klNats } of together) {
    expect(klNats.map(({ length }) => length)).toEqual([shapes[continuation]![1], shapes[continuation]![1]]);
    for await (const alone of measureDivergence(sides, [continuations[continuation]!])) {
      expect(alone.klNats).toEqual(klNats);
    }
  }
});

it('is taken after the context of each side where these differ', async () => {
  const { modelFolder, architecture } = importRandomModel(root, 'two-contexts', {
    exits: [2, 4],
    contextLength: 700,
  });
  const random = seededRandom(13);
  const ids = (count: number) => randomIds(random, count, architecture.vocabSize);
  const continuations = [ids(9), ids(14), ids(9)].map((context) => ({
    context,
    referenceContext: ids(11),
    continuation: ids(4),
  }));
  const sides = { model: { folder: modelFolder, exits: [4] }, reference: { folder: modelFolder, exit: 4 } };
  const model = await SegmentedModel.open(modelFolder);
  const logProbabilities = async (context: readonly number[], continuation: readonly number[]) => {
    const [states] = await teacherForce(model, [{ context, continuation }], { exits: [4] });
    const logits = await model.logits(headOfExit(model.manifest, 4, 'exit').file, states!.get(4)!);
    return continuation.map((_, row) => logSoftmax(logits.subarray(row * V, (row + 1) * V)));
  };
  const V = architecture.vocabSize;
  for await (const { continuation: index, klNats } of measureDivergence(sides, continuations)) {
    const { context, referenceContext, continuation } = continuations[index]!;
    const [own, reference] = [
      await logProbabilities(context, continuation),
      await logProbabilities(referenceContext, continuation),
    ];
    const expected = reference.map((row, place) =>
      row.reduce((sum, logP, id) => sum + Math.exp(logP) * (logP - own[place]![id]!), 0),
    );
    for (const [place, nats] of klNats[0]!.entries()) expect(nats).toBeCloseTo(expected[place]!, 4);
    expect(Math.max(...expected)).toBeGreaterThan(0.001);
  }
  await model.close();
});

function logSoftmax(logits: Float32Array): number[] {
  const most = Math.max(...logits);
  const sum = logits.reduce((total, logit) => total + Math.exp(logit - most), 0);
  return [...logits].map((logit) => logit - most - Math.log(sum));
}
