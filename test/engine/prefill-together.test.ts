import { describe, expect, it } from 'vitest';
import type { KvCache } from '../../src/engine/cache/kv-cache.ts';
import { prefill } from '../../src/engine/forced/prefill.ts';
import { randomIds } from '../support/decode.ts';
import { NETWORK_SHAPES } from '../support/network-shapes.ts';
import { seededRandom } from '../support/random.ts';
import { openRandomNetwork } from '../support/random-model.ts';
import { bitsOf } from '../support/recorded-network.ts';
import { tempFolder } from '../support/temp-folder.ts';

const root = tempFolder();

describe.each(NETWORK_SHAPES)('with %s', (name, options) => {
  it('prompts of one length have the states that each has alone, bit for bit', async () => {
    const random = seededRandom(6);
    const layers = options.layers ?? 4;
    const all = { contextLength: 1024, exits: [1, layers], ...options };
    const { network, architecture } = await openRandomNetwork(root, name.replaceAll(' ', '-'), all);
    const { hiddenSize } = architecture;
    for (const [length, count, from] of [
      [1, 9, 0],
      [10, 8, 9],
      [63, 8, 0],
      [130, 3, 129],
      [400, 2, 390],
      [600, 2, 500],
    ] as const) {
      const sequences = Array.from({ length: count }, () =>
        randomIds(random, length, architecture.vocabSize),
      );
      const together = await prefill(network, sequences, { segments: 2, from });
      for (const [row, ids] of sequences.entries()) {
        const alone = await prefill(network, [ids], { segments: 2, from });
        const size = (length - from) * hiddenSize;
        const states = together.hidden.map((hidden) => hidden.subarray(row * size, (row + 1) * size));
        expect(states.map(bitsOf), `${length} tokens, row ${row}`).toEqual(alone.hidden.map(bitsOf));
        expect(rowOf(together.cache, row, layers)).toEqual(rowOf(alone.cache, 0, layers));
      }
    }
    await network.close();
  });
});

/** Bytes of a row's keys and values in all layers. */
function rowOf(cache: KvCache, row: number, layers: number): string[] {
  return Array.from({ length: layers }, (_, layer) => cache.view(layer, cache.rows)).flatMap(
    ({ keys, values }) => {
      const size = keys.length / cache.rows;
      return [keys, values].map((floats) => bitsOf(floats.subarray(row * size, (row + 1) * size)));
    },
  );
}
