import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DecodeBatch, type DecodeRow } from '../../../src/engine/greedy/decode-batch.ts';
import type { SegmentedModel } from '../../../src/engine/session/segmented-model.ts';
import {
  decodeTogether,
  randomIds,
  type Start,
  startRow,
  stepOnce,
  type Trace,
} from '../../support/decode.ts';
import { type Random, seededRandom } from '../../support/random.ts';
import type { CheckpointOptions } from '../../support/random-checkpoint.ts';
import { openRandomNetwork } from '../../support/random-model.ts';
import { recordHidden } from '../../support/recorded-network.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const EXITS = [1, 2, 3, 4];
const LONGEST = 12;
const root = tempFolder();
let network: SegmentedModel;

describe.each<[string, CheckpointOptions]>([
  ['no extras', {}],
  [
    'biases and dynamic rope',
    {
      attentionBias: true,
      mlpBias: true,
      ropeScaling: { type: 'dynamic', factor: 8, originalLength: 32 },
    },
  ],
])('DecodeBatch of a network with %s', (name, extras) => {
  const starts: Start[] = [];
  const alone: Trace[] = [];
  beforeAll(async () => {
    const options = { exits: EXITS, contextLength: 256, ...extras };
    const sft = await openRandomNetwork(root, `sft-${name}`, options);
    await sft.network.close();
    const earlyExit = { ...options, kind: 'early-exit', base: sft.folder } as const;
    network = (await openRandomNetwork(root, `early-${name}`, earlyExit)).network;
    const random = seededRandom(21);
    for (let index = 0; index < 16; index++) {
      const ids = randomIds(random, 2 + random.below(index % 4 === 0 ? 180 : 60), 250);
      starts.push(await startRow(network, ids, EXITS[random.below(4)]!));
    }
    for (const start of starts) alone.push((await decodeTogether(network, [start], LONGEST))[0]!);
  });
  afterAll(() => network.close());

  it.each([1, 2, 3, 4, 5, 6])(
    'gives each row what it gets alone, bit for bit, joining and leaving at random (seed %i)',
    async (seed) => {
      await decodeAtRandom(seededRandom(seed), 2 + seed, starts, alone);
    },
  );

  it('makes room for the longest row, also where that is not the deepest', async () => {
    const random = seededRandom(9);
    const deep = await startRow(network, randomIds(random, 10, 250), 4);
    const shallow = await startRow(network, randomIds(random, 126, 250), 1);
    const [expected] = await decodeTogether(network, [shallow], 6);
    const [, trace] = await decodeTogether(network, [deep, shallow], 6);
    expect(trace).toEqual(expected);
  });

  it('refuses a row more than it has room for, and a row to leave that is not there', async () => {
    const batch = new DecodeBatch<DecodeRow>(network, 1);
    const row = { ...starts[0]!.row };
    batch.join(row, starts[0]!.prefilled);
    expect(batch.isFull).toBe(true);
    expect(() => batch.join({ ...row }, starts[0]!.prefilled)).toThrow('full batch');
    expect(() => batch.leave({ ...row })).toThrow('not in the batch');
    const deeper = { ...row, segments: row.segments + 1 };
    expect(() => batch.replace(row, deeper, starts[0]!.prefilled)).toThrow('another depth');
    batch.leave(row);
    expect(batch.rows).toEqual([]);
  });
});

/** Rows join whenever there is room and luck, take 1 … 12 steps, and are compared after every one. */
async function decodeAtRandom(
  random: Random,
  size: number,
  starts: readonly Start[],
  alone: readonly Trace[],
): Promise<void> {
  const batch = new DecodeBatch<DecodeRow>(network, size);
  const recorder = recordHidden(network);
  const traces = new Map<DecodeRow, Trace>();
  const expected = new Map<DecodeRow, Trace>();
  const waiting = random.shuffle(starts.map((_, index) => index));
  const begin = (index: number): DecodeRow => {
    const row = { ...starts[index]!.row };
    traces.set(row, { tokens: [], hidden: [] });
    expected.set(row, alone[index]!);
    return row;
  };
  while (waiting.length > 0 || batch.rows.length > 0) {
    while (!batch.isFull && waiting.length > 0 && (batch.rows.length === 0 || random.uniform() < 0.7)) {
      const index = waiting.pop()!;
      batch.join(begin(index), starts[index]!.prefilled);
      expectDeepestFirst(batch);
    }
    await stepOnce(batch, recorder, traces);
    for (const row of random.shuffle(batch.rows)) {
      const trace = traces.get(row)!;
      const steps = trace.tokens.length;
      expect(trace.tokens).toEqual(expected.get(row)!.tokens.slice(0, steps));
      expect(trace.hidden.at(-1)).toBe(expected.get(row)!.hidden[steps - 1]);
      if (steps < LONGEST && random.uniform() < 0.8) continue;
      const next = waiting.findIndex((index) => starts[index]!.row.segments === row.segments);
      if (next >= 0 && random.uniform() < 0.5) {
        const [index] = waiting.splice(next, 1) as [number];
        batch.replace(row, begin(index), starts[index]!.prefilled);
      } else batch.leave(row);
      expect(batch.rows).not.toContain(row);
      expectDeepestFirst(batch);
    }
  }
  expect(traces.size).toBe(starts.length);
}

function expectDeepestFirst(batch: DecodeBatch<DecodeRow>): void {
  const depths = batch.rows.map(({ segments }) => segments);
  expect(depths).toEqual([...depths].sort((a, b) => b - a));
  expect(new Set(batch.rows).size).toBe(depths.length);
}
