import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KvCache } from '../../../src/engine/cache/kv-cache.ts';
import { KeptPrompts } from '../../../src/engine/forced/kept-prompts.ts';
import { prefill } from '../../../src/engine/forced/prefill.ts';
import type { SegmentedModel } from '../../../src/engine/session/segmented-model.ts';
import { randomIds } from '../../support/decode.ts';
import { seededRandom } from '../../support/random.ts';
import type { CheckpointOptions } from '../../support/random-checkpoint.ts';
import { openRandomNetwork } from '../../support/random-model.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const root = tempFolder();
const random = seededRandom(11);
const ids = (count: number) => randomIds(random, count, 250);
const EXITS = [1, 2, 4];

describe.each<[string, CheckpointOptions]>([
  ['plain', {}],
  ['windowed', { attentionWindow: { tokens: 100, layers: [0, 1, 2, 3] } }],
  ['dynamic', { ropeScaling: { type: 'dynamic', factor: 20, originalLength: 600 } }],
])('prompts that are kept, of a %s network', (name, options) => {
  let model: SegmentedModel;
  beforeAll(async () => {
    model = (await openRandomNetwork(root, name, { exits: EXITS, contextLength: 1400, ...options })).network;
  });
  afterAll(() => model.close());

  const bits = (cache: KvCache, row: number, tokens: number, layer: number) => {
    const { keys, values } = cache.view(layer, cache.rows);
    const size = keys.length / cache.rows;
    const heads = 2;
    return [keys, values].flatMap((all) =>
      Array.from({ length: heads }, (_, head) => {
        const start = row * size + (head * size) / heads;
        return [...all.subarray(start, start + tokens * (size / heads / cache.capacity))];
      }),
    );
  };

  const expectAsFirstRead = async (
    { cache, hidden }: { cache: KvCache; hidden: readonly Float32Array[] },
    prompt: readonly number[],
    segments: number,
  ) => {
    const fresh = await prefill(model, [prompt], { segments, from: prompt.length - 1 });
    expect(hidden.slice(0, segments).map((states) => [...states])).toEqual(
      fresh.hidden.map((states) => [...states]),
    );
    for (let layer = 0; layer < EXITS[segments - 1]!; layer++)
      expect(bits(cache, 0, prompt.length, layer)).toEqual(bits(fresh.cache, 0, prompt.length, layer));
  };

  it('have the bits of a first read, whole or as a beginning of whole passes', async () => {
    const kept = new KeptPrompts(model, 1e9);
    const beginning = ids(1030);
    const prompts = [ids(40), [...beginning, ...ids(20)], [...beginning.slice(0, 600), ...ids(100)]];
    const cached = [];
    for (const prompt of [...prompts, ...prompts]) {
      const [read] = await kept.read([prompt], 3);
      cached.push(read!.cachedTokens);
      await expectAsFirstRead(read!.prompt, prompt, 3);
    }
    // Tables of dynamic rope depend on a prompt's length: only equal ones share.
    expect(cached).toEqual([0, 0, name === 'dynamic' ? 0 : 512, 40, 1050, 700]);
  });

  it('serve shallower exits, and are read again for deeper ones', async () => {
    const kept = new KeptPrompts(model, 1e9);
    const prompt = ids(30);
    const cached = [];
    for (const segments of [2, 1, 3, 3]) {
      const [read] = await kept.read([prompt], segments);
      cached.push(read!.cachedTokens);
      await expectAsFirstRead(read!.prompt, prompt, segments);
    }
    expect(cached).toEqual([0, 30, 0, 30]);
  });

  it('read equal prompts of one call once', async () => {
    const kept = new KeptPrompts(model, 1e9);
    const [prompt, other] = [ids(12), ids(12)];
    const [first, second, third] = await kept.read([prompt, other, prompt], 3);
    expect(third!.prompt).toBe(first!.prompt);
    await expectAsFirstRead(second!.prompt, other, 3);
  });

  it('stay within the budget, and the least recently used go first', async () => {
    const unlimited = new KeptPrompts(model, 1e9);
    await unlimited.read([ids(20)], 3);
    const kept = new KeptPrompts(model, 2 * unlimited.bytes);
    const [one, two, three] = [ids(20), ids(21), ids(22)];
    const cachedOf = async (prompt: readonly number[]) => (await kept.read([prompt], 3))[0]!.cachedTokens;
    for (const prompt of [one, two]) expect(await cachedOf(prompt)).toBe(0);
    expect(await cachedOf(one)).toBe(20);
    expect(await cachedOf(three)).toBe(0);
    expect(kept.bytes).toBeLessThanOrEqual(2 * unlimited.bytes);
    expect(await cachedOf(one)).toBe(20);
    expect(await cachedOf(two)).toBe(0);
  });
});
