import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KvCache } from '../../../src/engine/cache/kv-cache.ts';
import { type PrefillOptions, prefill } from '../../../src/engine/forced/prefill.ts';
import { teacherForce } from '../../../src/engine/forced/teacher-force.ts';
import type { SegmentedModel } from '../../../src/engine/session/segmented-model.ts';
import { qwen2 } from '../../../src/model/networks/qwen2.ts';
import { answers, decodeTogether, randomIds, startRow } from '../../support/decode.ts';
import { seededRandom } from '../../support/random.ts';
import type { CheckpointOptions } from '../../support/random-checkpoint.ts';
import { openRandomNetwork } from '../../support/random-model.ts';
import { bitsOf } from '../../support/recorded-network.ts';
import { tempFolder } from '../../support/temp-folder.ts';

/** Hidden states are around 3; only the order of sums differs. */
const TOLERANCE = 5e-5;
const root = tempFolder();
const random = seededRandom(31);
const ids = randomIds(random, 150, 250);
const longIds = randomIds(random, 1100, 250);

describe.each<[string, CheckpointOptions]>([
  ['no extras', {}],
  ['biases', { attentionBias: true, mlpBias: true }],
  [
    'a window that is longer than some chunks',
    { family: qwen2, attentionWindow: { tokens: 70, layers: [0, 2] } },
  ],
  ['dynamic rope', { ropeScaling: { type: 'dynamic', factor: 20, originalLength: 60 } }],
])('a network with %s', (name, options) => {
  let network: SegmentedModel;
  beforeAll(async () => {
    const all = { exits: [1, 2, 4], contextLength: 1200, ...options };
    network = (await openRandomNetwork(root, name.replaceAll(' ', '-'), all)).network;
  });
  afterAll(() => network.close());

  const run = (sequence: readonly number[], from: number, more: Partial<PrefillOptions> = {}) =>
    prefill(network, [sequence], { segments: 3, from, ...more });

  it.each([1, 7, 64, 65, 149])('reads a prompt in chunks of %i tokens as at once', async (chunkTokens) => {
    const whole = await run(ids, 0);
    const parts = await run(ids, 0, { chunkTokens });
    expectClose(parts.hidden, whole.hidden);
    expectClose(cacheOf(network, parts.cache), cacheOf(network, whole.cache));
  });

  it.each([
    [0, 150],
    [10, 4],
    [63, 64],
    [149, 20],
  ])('keeps the hidden states from token %i on (chunks of %i)', async (from, chunkTokens) => {
    const whole = await run(ids, 0, { chunkTokens });
    const tail = await run(ids, from, { chunkTokens });
    const { hiddenSize } = network.manifest.architecture;
    expect(tail.hidden.map(bitsOf)).toEqual(
      whole.hidden.map((states) => bitsOf(states.subarray(from * hiddenSize))),
    );
  });

  it('runs only the segments asked for, with the same result in them', async () => {
    const all = await run(ids, 149);
    const one = await run(ids, 149, { segments: 1 });
    expect(one.hidden.map(bitsOf)).toEqual([bitsOf(all.hidden[0]!)]);
  });

  it('does not see tokens of the answer that come later', async () => {
    const { hiddenSize } = network.manifest.architecture;
    const short = await run(ids.slice(0, 80), 0, { promptTokens: 40 });
    const long = await run(ids, 0, { promptTokens: 40 });
    const head = long.hidden.map((states) => states.subarray(0, 80 * hiddenSize));
    expectClose(short.hidden, head);
  });

  it('decodes with the cache to the hidden states of a pass over the whole sequence, at every exit', async () => {
    for (const exit of [1, 2, 4]) {
      // The second prompt grows past 60 tokens while it is answered.
      for (const prompt of [ids.slice(0, 100), ids.slice(0, 56)]) {
        const start = await startRow(network, prompt, exit);
        const [trace] = await decodeTogether(network, [start], 8);
        const answer = [start.row.lastToken, ...trace!.tokens];
        const continuations = [{ context: prompt, continuation: answer }];
        const [states] = await teacherForce(network, continuations, { exits: [exit] });
        const cached = Buffer.concat(trace!.hidden.map((bits) => Buffer.from(bits, 'base64')));
        const { hiddenSize } = network.manifest.architecture;
        expectClose(
          [new Float32Array(Uint8Array.from(cached).buffer)],
          [states!.get(exit)!.subarray(hiddenSize)],
        );
      }
    }
  });

  it('answers a prompt of several chunks as an uncached run does', async () => {
    const promptTokens = longIds.length;
    const result = await answers(network, [{ tag: '', ids: longIds, exits: [4] }], { maxNewTokens: 4 });
    const expected: number[] = [];
    for (let count = 0; count < 4; count++) {
      const sequence = [...longIds, ...expected];
      const { hidden } = await run(sequence, sequence.length - 1, { promptTokens, chunkTokens: 2000 });
      expected.push(...(await network.nextTokens('head.onnx', hidden[2]!)));
    }
    expect(result.get('@4')!.tokenIds).toEqual(expected);
  });
});

/** Keys and values of the 150 tokens in all layers. */
function cacheOf(network: SegmentedModel, cache: KvCache): Float32Array[] {
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
