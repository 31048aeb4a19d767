import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Continuation } from '../../../src/engine/forced/continuation.ts';
import { readHead } from '../../../src/engine/forced/head-in-memory.ts';
import { LoglikelihoodMeter, meanLogProbabilities } from '../../../src/engine/forced/loglikelihood.ts';
import { prefill } from '../../../src/engine/forced/prefill.ts';
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
])('loglikelihood under a network with %s', (name, options) => {
  let network: SegmentedModel;
  let folder: string;
  beforeAll(async () => {
    const all = { exits: [1, 2, 4], contextLength: 1200, ...options };
    const opened = await openRandomNetwork(root, name.replaceAll(' ', '-'), all);
    network = opened.network;
    folder = opened.modelFolder;
  });
  afterAll(() => network.close());

  const meansOf = async (continuations: Continuation[], exit = 4, batchSize = 64) => {
    const meter = await LoglikelihoodMeter.open(readHead(folder, network.manifest, exit));
    const means = await meanLogProbabilities({ model: network, exit, meter }, continuations, batchSize);
    await meter.close();
    return means;
  };

  it.each([
    [4, 70, 12],
    [2, 50, 1],
    [4, 64, 2],
    [1, 3, 900],
  ])(
    'equals the softmax over all logits: exit %i, a context of %i tokens, a continuation of %i',
    async (exit, prompt, length) => {
      const random = seededRandom(prompt);
      const context = randomIds(random, prompt, 250);
      const continuation = randomIds(random, length, 250);
      const [mean] = await meansOf([{ context, continuation }], exit);
      expect(mean).toBeCloseTo(await directMean(network, { context, continuation }, exit), 4);
    },
  );

  it('is the same for a continuation alone and beside others of other contexts, bit for bit', async () => {
    const random = seededRandom(7);
    const lengths = [1, 2, 2, 9, 9, 33, 120, 300, 300, 9];
    const continuations = [75, 12, 75, 64, 130].flatMap((contextLength) => {
      const context = randomIds(random, contextLength, 250);
      return lengths.map((length) => ({ context, continuation: randomIds(random, length, 250) }));
    });
    const together = await meansOf(continuations);
    expect(await meansOf(continuations, 4, 3)).toEqual(together);
    for (const [index, continuation] of continuations.entries()) {
      expect(await meansOf([continuation])).toEqual([together[index]]);
    }
  });
});

async function directMean(
  network: SegmentedModel,
  { context, continuation }: Continuation,
  exit: number,
): Promise<number> {
  const { exits, architecture } = network.manifest;
  const ids = [...context, ...continuation.slice(0, -1)];
  const options = { segments: exits.length, from: context.length - 1, promptTokens: context.length };
  const { hidden } = await prefill(network, [ids], options);
  const { file } = headOfExit(network.manifest, exit, 'exit');
  const logits = await network.logits(file, hidden[exits.indexOf(exit)]!);
  const values = continuation.map((token, index) => {
    const row = [...logits.subarray(index * architecture.vocabSize, (index + 1) * architecture.vocabSize)];
    const largest = Math.max(...row);
    return row[token]! - largest - Math.log(row.reduce((sum, logit) => sum + Math.exp(logit - largest), 0));
  });
  return values.reduce((sum, value) => sum + value, 0) / continuation.length;
}
