import { describe, expect, it } from 'vitest';
import { decodeTogether, randomIds, startRow } from '../support/decode.ts';
import { seededRandom } from '../support/random.ts';
import type { CheckpointOptions } from '../support/random-checkpoint.ts';
import { openRandomNetwork } from '../support/random-model.ts';
import { tempFolder } from '../support/temp-folder.ts';

const root = tempFolder();
const STEPS = 3;

/** Neighbours' lengths: they decide on rows and on the capacity, which grows in steps of 64. */
const NEIGHBOURS = [[20], [500], [900], [60, 60, 60, 60, 60, 60, 60], [700, 100, 5]];

describe.each<[string, CheckpointOptions]>([
  ['grouped-query attention', {}],
  ['multi-head attention', { kvHeads: 4 }],
  ['multi-query attention', { kvHeads: 1 }],
  ['sizes that fill no vector', { headDim: 6, hiddenSize: 30, intermediateSize: 37 }],
  // Sums long enough for ONNX Runtime to cut them up by size and by threads.
  ['heads of 256', { layers: 2, headDim: 256, kvHeads: 2 }],
  ['one key head of 128', { layers: 2, headDim: 128, heads: 8, kvHeads: 1 }],
  ['biases', { attentionBias: true, mlpBias: true }],
  // Rows of one step turn by frequencies of their own.
  ['dynamic rope', { ropeScaling: { type: 'dynamic', factor: 16, originalLength: 64 } }],
])('with %s', (name, options) => {
  it('a row’s hidden states are the same alone and beside any neighbours, bit for bit', async () => {
    const random = seededRandom(5);
    const layers = options.layers ?? 4;
    const all = { contextLength: 1024, exits: [1, layers], ...options };
    const { network, architecture } = await openRandomNetwork(root, name.replaceAll(' ', '-'), all);
    const start = (length: number) =>
      startRow(network, randomIds(random, length, architecture.vocabSize), layers);
    const neighbours = await Promise.all(NEIGHBOURS.map((lengths) => Promise.all(lengths.map(start))));
    for (const length of [10, 62, 130, 400]) {
      const row = await start(length);
      const [alone] = await decodeTogether(network, [row], STEPS);
      for (const others of neighbours) {
        const traces = await decodeTogether(network, [...others, row], STEPS);
        expect(traces.at(-1)).toEqual(alone);
      }
    }
    await network.close();
  });
});
