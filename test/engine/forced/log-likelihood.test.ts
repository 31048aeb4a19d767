import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { forward } from '../../../src/engine/forced/forward.ts';
import type { AnsweredPrompt } from '../../../src/engine/forced/forward-answers.ts';
import { readHead } from '../../../src/engine/forced/kl-divergence.ts';
import { LikelihoodMeter, meanLogProbabilities } from '../../../src/engine/forced/log-likelihood.ts';
import type { SegmentedModel } from '../../../src/engine/session/segmented-model.ts';
import { headOfExit } from '../../../src/model/folder/manifest.ts';
import { randomIds } from '../../support/decode.ts';
import { seededRandom } from '../../support/random.ts';
import type { CheckpointOptions } from '../../support/random-checkpoint.ts';
import { openRandomNetwork } from '../../support/random-model.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const root = tempFolder();

describe.each<[string, CheckpointOptions]>([
  ['shared head', {}],
  ['sizes that fill no vector', { headDim: 6, hiddenSize: 30, intermediateSize: 37 }],
  ['dynamic rope', { ropeScaling: { type: 'dynamic', factor: 20, originalLength: 60 } }],
])('likelihood under a network with %s', (name, options) => {
  let network: SegmentedModel;
  let folder: string;
  beforeAll(async () => {
    const all = { exits: [1, 2, 4], contextLength: 1200, ...options };
    const opened = await openRandomNetwork(root, name.replaceAll(' ', '-'), all);
    network = opened.network;
    folder = opened.modelFolder;
  });
  afterAll(() => network.close());

  const meansOf = async (promptIds: number[], answers: number[][], exit = 4) => {
    const [means] = await allMeansOf([{ promptIds, answers }], exit);
    return means!;
  };

  const allMeansOf = async (prompts: AnsweredPrompt[], exit = 4, batchSize = 64) => {
    const meter = await LikelihoodMeter.open(readHead(folder, network.manifest, exit));
    const segments = network.manifest.exits.indexOf(exit) + 1;
    const means = await meanLogProbabilities(network, meter, prompts, { segments, batchSize });
    await meter.close();
    return means;
  };

  it.each([
    [4, 70, 12],
    [2, 50, 1],
    [4, 64, 2],
    [1, 3, 900],
  ])(
    'equals the softmax over all logits: exit %i, a prompt of %i tokens, an answer of %i',
    async (exit, prompt, length) => {
      const random = seededRandom(prompt);
      const promptIds = randomIds(random, prompt, 250);
      const answer = randomIds(random, length, 250);
      const [mean] = await meansOf(promptIds, [answer], exit);
      expect(mean).toBeCloseTo(await directMean(network, promptIds, answer, exit), 4);
    },
  );

  it('is the same for an answer alone and beside others of other prompts, bit for bit', async () => {
    const random = seededRandom(7);
    const lengths = [1, 2, 2, 9, 9, 33, 120, 300, 300, 9];
    const prompts = [75, 12, 75, 64, 130].map((length) => ({
      promptIds: randomIds(random, length, 250),
      answers: lengths.map((answer) => randomIds(random, answer, 250)),
    }));
    const together = await allMeansOf(prompts);
    expect(await allMeansOf(prompts, 4, 3)).toEqual(together);
    for (const [index, { promptIds, answers }] of prompts.entries()) {
      for (const [place, answer] of answers.entries()) {
        expect(await meansOf(promptIds, [answer])).toEqual([together[index]![place]]);
      }
    }
  });
});

async function directMean(
  network: SegmentedModel,
  promptIds: number[],
  answer: number[],
  exit: number,
): Promise<number> {
  const { exits, architecture } = network.manifest;
  const ids = [...promptIds, ...answer.slice(0, -1)];
  const options = { segments: exits.length, from: promptIds.length - 1, promptTokens: promptIds.length };
  const { hidden } = await forward(network, ids, options);
  const { file } = headOfExit(network.manifest, exit, 'exit');
  const logits = await network.logits(file, hidden[exits.indexOf(exit)]!);
  const values = answer.map((token, index) => {
    const row = [...logits.subarray(index * architecture.vocabSize, (index + 1) * architecture.vocabSize)];
    const largest = Math.max(...row);
    return row[token]! - largest - Math.log(row.reduce((sum, logit) => sum + Math.exp(logit - largest), 0));
  });
  return values.reduce((sum, value) => sum + value, 0) / answer.length;
}
