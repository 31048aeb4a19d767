import { expect, it } from 'vitest';
import { type Divergence, measureDivergence } from '../../../src/engine/forced/kl-meter.ts';
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
])('a passage’s KL is the same alone and among others, in a network that %s', async (name, options) => {
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
  const passages = shapes.map(([prompt, answer]) => ({
    promptIds: randomIds(random, prompt, architecture.vocabSize),
    answerIds: randomIds(random, answer, architecture.vocabSize),
  }));
  const sides = {
    model: { folder: modelFolder, exits: [1, 4] },
    reference: { folder: modelFolder, exit: 3 },
  };
  const together: Divergence[] = [];
  for await (const divergence of measureDivergence(sides, passages)) together.push(divergence);
  expect(together.map(({ passage }) => passage).sort()).toEqual(passages.map((_, index) => index));
  for (const { passage, klNats } of together) {
    expect(klNats.map(({ length }) => length)).toEqual([shapes[passage]![1], shapes[passage]![1]]);
    for await (const alone of measureDivergence(sides, [passages[passage]!])) {
      expect(alone.klNats).toEqual(klNats);
    }
  }
});
