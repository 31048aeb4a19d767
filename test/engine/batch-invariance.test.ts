import { describe, expect, it } from 'vitest';
import { decodeTogether, randomIds, startRow } from '../support/decode.ts';
import { NETWORK_SHAPES } from '../support/network-shapes.ts';
import { seededRandom } from '../support/random.ts';
import { openRandomNetwork } from '../support/random-model.ts';
import { tempFolder } from '../support/temp-folder.ts';

const root = tempFolder();
const STEPS = 3;

/** Neighbours' lengths: they decide on rows and on the capacity, which grows in steps of 64. */
const NEIGHBOURS = [[20], [500], [900], [60, 60, 60, 60, 60, 60, 60], [700, 100, 5]];

describe.each(NETWORK_SHAPES)('with %s', (name, options) => {
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
