import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type BeamSearchSettings, beamSearch } from '../../../src/engine/beam/beam-search.ts';
import { KvCache } from '../../../src/engine/cache/kv-cache.ts';
import { generate } from '../../../src/engine/greedy/generate.ts';
import { FullDepthModel } from '../../../src/engine/session/full-depth-model.ts';
import type { SegmentedModel } from '../../../src/engine/session/segmented-model.ts';
import { randomIds } from '../../support/decode.ts';
import { seededRandom } from '../../support/random.ts';
import type { CheckpointOptions } from '../../support/random-checkpoint.ts';
import { openRandomNetwork } from '../../support/random-model.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const CONTEXT = 200;
const root = tempFolder();
const random = seededRandom(7);
const prompts = [5, 90, 17, 66, 3, 40].map((length, tag) => ({ tag, ids: randomIds(random, length, 250) }));
const settings = (change: Partial<BeamSearchSettings> = {}): BeamSearchSettings => ({
  numBeams: 4,
  rule: 'transformers-4.28',
  repetitionPenalty: 1.2,
  maxNewTokens: 12,
  // Many ends, so that hypotheses finish at different lengths.
  eosTokenIds: [20, 50, 80, 110, 140, 170, 200, 230],
  batchSize: 64,
  ...change,
});
let network: SegmentedModel;
let beams: FullDepthModel;

async function answers(change: Partial<BeamSearchSettings> = {}, asked = prompts, signal?: AbortSignal) {
  const found = new Map<number, { tokenIds: readonly number[]; stopReason: string }>();
  for await (const { tag, tokenIds, stopReason } of beamSearch(beams, asked, settings(change), signal)) {
    found.set(tag, { tokenIds, stopReason });
  }
  return new Map([...found].sort(([left], [right]) => left - right));
}

describe.each<[string, CheckpointOptions]>([
  ['no extras', {}],
  [
    'biases and dynamic rope',
    {
      attentionBias: true,
      mlpBias: true,
      ropeScaling: { type: 'dynamic', factor: 4, originalLength: 50 },
    },
  ],
])('beam search of a network with %s', (name, options) => {
  beforeAll(async () => {
    const model = await openRandomNetwork(root, name, { contextLength: CONTEXT, ...options });
    network = model.network;
    beams = await FullDepthModel.open(model.modelFolder);
  });
  afterAll(async () => {
    await network.close();
    await beams.close();
  });

  it('with one beam and no penalty is greedy decoding', async () => {
    const eosTokenIds = [1];
    const one = await answers({ numBeams: 1, repetitionPenalty: 1, eosTokenIds });
    const exits = [network.manifest.architecture.layers];
    const greedy = new Map<number, readonly number[]>();
    const asked = prompts.map((prompt) => ({ ...prompt, exits }));
    const decoding = { maxNewTokens: 12, eosTokenIds, batchSize: 8 };
    for await (const { tag, tokenIds } of generate(network, asked, decoding)) greedy.set(tag, tokenIds);
    expect([...one].map(([tag, { tokenIds }]) => [tag, tokenIds])).toEqual(
      [...greedy].sort(([left], [right]) => left - right),
    );
  });

  it.each(['transformers-4.28', 'transformers-4.36'] as const)(
    'gives every prompt the same answer alone and among others (%s)',
    async (rule) => {
      const together = await answers({ rule });
      const two = await answers({ rule, batchSize: 8 });
      const alone = await answers({ rule, batchSize: 1 });
      expect(two).toEqual(together);
      expect(alone).toEqual(together);
      expect(new Set([...together.values()].map(({ tokenIds }) => tokenIds.length)).size).toBeGreaterThan(1);
    },
  );

  it('punishes what prompt and answer hold already', async () => {
    const ids = [5, 6, 7, 8];
    const asked = [{ tag: 0, ids }];
    const hard = (await answers({ repetitionPenalty: 1e6, eosTokenIds: [1] }, asked)).get(0)!.tokenIds;
    expect(new Set([...ids, ...hard]).size).toBe(ids.length + hard.length);
  });

  it('says why an answer ended: its end, the limit, the context', async () => {
    const reasons = [...(await answers()).values()].map(({ stopReason }) => stopReason);
    expect(reasons).toContain('eos');
    expect((await answers({ eosTokenIds: [1], maxNewTokens: 3 })).get(0)!.stopReason).toBe('token-limit');
    const long = [{ tag: 0, ids: randomIds(random, CONTEXT - 2, 250) }];
    const cut = (await answers({ eosTokenIds: [1] }, long)).get(0)!;
    expect([cut.stopReason, cut.tokenIds.length]).toEqual(['context-end', 2]);
    const full = [{ tag: 0, ids: randomIds(random, CONTEXT, 250) }];
    expect((await answers({}, full)).get(0)).toEqual({ stopReason: 'context-end', tokenIds: [] });
  });

  it('holds no more keys and values for many prompts than for a few', async () => {
    const bytesOf = async (count: number) => {
      const fit = vi.spyOn(KvCache.prototype, 'fit');
      const asked = Array.from({ length: count }, (_, tag) => ({
        tag,
        ids: randomIds(random, 20 + (tag % 60), 250),
      }));
      await answers({ batchSize: 16, maxNewTokens: 4, memoryMB: 1 }, asked);
      const caches = fit.mock.contexts as KvCache[];
      fit.mockRestore();
      expect(new Set(caches).size).toBe(1);
      return caches[0]!.bytes;
    };
    expect(await bytesOf(180)).toBe(await bytesOf(60));
  });

  it('stops when it is interrupted', async () => {
    await expect(answers({}, prompts, AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough');
  });
});
