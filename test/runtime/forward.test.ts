import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { forward } from '../../src/runtime/forward.ts';
import type { Network } from '../../src/runtime/network.ts';
import { answers, decodeTogether, randomIds, startRow } from '../support/decode.ts';
import { seededRandom } from '../support/random.ts';
import { openRandomNetwork } from '../support/random-model.ts';
import { bitsOf } from '../support/recorded-network.ts';
import { tempFolder } from '../support/temp-folder.ts';

/** Hidden states are around 3; only the order of sums differs. */
const TOLERANCE = 5e-5;
const root = tempFolder();
const random = seededRandom(31);
let network: Network;
beforeAll(async () => {
  const options = { exits: [1, 2, 4], contextLength: 1200 };
  network = (await openRandomNetwork(root, 'model', options)).network;
});
afterAll(() => network.close());

const run = (ids: readonly number[], from: number, chunkTokens?: number) =>
  forward(network, ids, { segments: 3, from, ...(chunkTokens ? { chunkTokens } : {}) });

describe('forward', () => {
  const ids = randomIds(random, 150, 250);

  it.each([1, 7, 64, 65, 149])('gives the same in chunks of %i tokens as at once', async (chunkTokens) => {
    const whole = await run(ids, 0);
    const parts = await run(ids, 0, chunkTokens);
    expectClose(parts.hidden, whole.hidden);
    expectClose(cacheOf(parts.cache), cacheOf(whole.cache));
  });

  it.each([
    [0, 150],
    [10, 4],
    [63, 64],
    [149, 20],
  ])('keeps the hidden states from token %i on (chunks of %i)', async (from, chunkTokens) => {
    const whole = await run(ids, 0, chunkTokens);
    const tail = await run(ids, from, chunkTokens);
    const { hiddenSize } = network.manifest.architecture;
    expect(tail.hidden.map(bitsOf)).toEqual(
      whole.hidden.map((states) => bitsOf(states.subarray(from * hiddenSize))),
    );
  });

  it('runs only the segments asked for, with the same result in them', async () => {
    const all = await run(ids, 149);
    const one = await forward(network, ids, { segments: 1, from: 149 });
    expect(one.hidden.map(bitsOf)).toEqual([bitsOf(all.hidden[0]!)]);
  });

  it('does not see tokens that come later', async () => {
    const { hiddenSize } = network.manifest.architecture;
    const short = await run(ids.slice(0, 40), 0);
    const long = await run(ids, 0);
    const head = long.hidden.map((states) => states.subarray(0, 40 * hiddenSize));
    expectClose(short.hidden, head);
  });
});

describe('decoding with the cache', () => {
  it('gives the hidden states of a pass over the whole sequence, at every exit', async () => {
    for (const [index, exit] of [1, 2, 4].entries()) {
      const ids = randomIds(random, 60, 250);
      const start = await startRow(network, ids, exit);
      const [trace] = await decodeTogether(network, [start], 8);
      const sequence = [...ids, start.row.lastToken, ...trace!.tokens.slice(0, -1)];
      const { hidden } = await run(sequence, ids.length);
      const cached = Buffer.concat(trace!.hidden.map((bits) => Buffer.from(bits, 'base64')));
      expectClose([new Float32Array(Uint8Array.from(cached).buffer)], [hidden[index]!]);
    }
  });

  it('answers a prompt of several chunks as an uncached run does', async () => {
    const ids = randomIds(random, 1100, 250);
    const result = await answers(network, [{ tag: '', ids, exits: [4] }], { maxNewTokens: 4 });
    const expected: number[] = [];
    for (let count = 0; count < 4; count++) {
      const sequence = [...ids, ...expected];
      const { hidden } = await run(sequence, sequence.length - 1, 2000);
      expected.push(...(await network.nextTokens('head.onnx', hidden[2]!)));
    }
    expect(result.get('@4')!.tokenIds).toEqual(expected);
  });
});

/** Keys and values of the 150 tokens in all layers. */
function cacheOf(cache: Awaited<ReturnType<typeof run>>['cache']): Float32Array[] {
  const { kvHeads, headDim, layers } = network.manifest.architecture;
  const perHead = (data: Float32Array) =>
    Array.from({ length: kvHeads }, (_, head) => {
      const start = head * cache.capacity * headDim;
      return data.subarray(start, start + 150 * headDim);
    });
  return Array.from({ length: layers }, (_, layer) => cache.view(layer, 1)).flatMap(({ keys, values }) => [
    ...perHead(keys),
    ...perHead(values),
  ]);
}

function expectClose(ours: readonly Float32Array[], expected: readonly Float32Array[]): void {
  expect(ours.map(({ length }) => length)).toEqual(expected.map(({ length }) => length));
  ours.forEach((states, index) => {
    let largest = 0;
    states.forEach((value, i) => {
      largest = Math.max(largest, Math.abs(value - expected[index]![i]!));
    });
    expect(largest).toBeLessThan(TOLERANCE);
  });
}
