import { expect, it } from 'vitest';
import { type Divergence, measureDivergence } from '../../../src/engine/forced/measure-divergence.ts';
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
