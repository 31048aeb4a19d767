import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cacheBytes } from '../../../src/engine/cache/memory-budget.ts';
import { PrefixCache } from '../../../src/engine/cache/prefix-cache.ts';
import { prefillWithPrefixCache } from '../../../src/engine/cache/prefix-prefill.ts';
import { FullDepthModel } from '../../../src/engine/session/full-depth-model.ts';
import { randomIds } from '../../support/decode.ts';
import { NETWORK_SHAPES } from '../../support/network-shapes.ts';
import { seededRandom } from '../../support/random.ts';
import type { CheckpointOptions } from '../../support/random-checkpoint.ts';
import { importRandomModel } from '../../support/random-model.ts';
import { bitsOf } from '../../support/recorded-network.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const root = tempFolder();
const PLENTY = 1e9;
const random = seededRandom(3);
const draw = (count: number) => randomIds(random, count, 250);

/** Opens a random network whose runs are counted. */
async function openCounting(name: string, options: CheckpointOptions = {}) {
  const model = importRandomModel(root, name, { contextLength: 1024, ...options });
  const network = await FullDepthModel.open(model.modelFolder);
  const read: number[] = [];
  const run = network.run.bind(network);
  network.run = (ids, step) => {
    read.push(step.rows * step.queryLength);
    return run(ids, step);
  };
  const tokens = () => read.splice(0).reduce((sum, count) => sum + count, 0);
  return { network, tokens, architecture: model.architecture };
}

const cacheFor = (network: FullDepthModel, budgetBytes = PLENTY) =>
  new PrefixCache(network.manifest.architecture, budgetBytes, network.minRows);

/** What a prompt's blocks hold, to the last bit. */
async function bitsOfPrompts(
  network: FullDepthModel,
  prefixes: PrefixCache,
  prompts: readonly number[][],
): Promise<string[]> {
  const reads = await prefillWithPrefixCache(network, prefixes, prompts);
  const bits = reads.map(({ path }) =>
    path.map(({ data, hidden }) => bitsOf(data) + bitsOf(hidden)).join(' '),
  );
  for (const read of reads) prefixes.release(read);
  return bits;
}

describe.each(NETWORK_SHAPES)('reading prompts with %s', (name, options) => {
  it('gives the same keys, values and states alone, beside others and from what others left, bit for bit', async () => {
    const { network } = await openCounting(name.replaceAll(' ', '-'), options);
    const [first, second] = [draw(90), draw(30)];
    const prompts = [
      [...first, ...draw(11)],
      [...first, ...second, ...draw(3)],
      [...first, ...second, ...draw(40)],
      draw(5),
      draw(260),
      first,
    ];
    const alone = [];
    for (const prompt of prompts) alone.push(...(await bitsOfPrompts(network, cacheFor(network), [prompt])));
    const prefixes = cacheFor(network);
    expect(await bitsOfPrompts(network, prefixes, prompts)).toEqual(alone);
    expect(await bitsOfPrompts(network, prefixes, prompts.toReversed())).toEqual(alone.toReversed());
    const forgetful = cacheFor(network, 1);
    expect(await bitsOfPrompts(network, forgetful, prompts)).toEqual(alone);
    await network.close();
  });
});

describe('a machine with more threads than a block has key heads', () => {
  it('reads it among rows that are there for their number alone, with the same result', async () => {
    const { modelFolder } = importRandomModel(root, 'threads', { contextLength: 1024 });
    const prompt = [draw(100)];
    const bits = [];
    for (const threads of [1, 16]) {
      const network = await FullDepthModel.open(modelFolder, 'beams', threads);
      expect(network.minRows).toBe(threads === 1 ? 1 : 8);
      bits.push(await bitsOfPrompts(network, cacheFor(network), prompt));
      await network.close();
    }
    expect(bits[1]).toEqual(bits[0]);
  });
});

describe('a prefix cache', () => {
  let counting: Awaited<ReturnType<typeof openCounting>>;
  beforeAll(async () => {
    counting = await openCounting('counting');
  });
  afterAll(() => counting.network.close());

  it('reads what prompts begin with once, and a prompt that comes again not at all', async () => {
    const { network, tokens } = counting;
    const prefixes = cacheFor(network);
    const shared = draw(80);
    const prompts = Array.from({ length: 5 }, () => [...shared, ...draw(16)]);
    await bitsOfPrompts(network, prefixes, prompts);
    expect(tokens()).toBe(80 + 5 * 16);
    await bitsOfPrompts(network, prefixes, [...prompts, [...shared, ...draw(3)]]);
    expect(tokens()).toBe(8);
  });

  it('shares nothing between prompts that turn by other lengths', async () => {
    const ropeScaling = { type: 'dynamic', factor: 16, originalLength: 64 } as const;
    const { network, tokens } = await openCounting('turning', { ropeScaling });
    const ids = draw(96);
    await bitsOfPrompts(network, cacheFor(network), [ids.slice(0, 88), ids]);
    expect(tokens()).toBe(88 + 96);
    await network.close();
  });

  it('forgets prefixes that its last reads did not need, and keeps the one that all of them do', async () => {
    const { network, tokens } = counting;
    const prefixes = cacheFor(network);
    const always = draw(16);
    const next = () => [...always, ...draw(40)];
    const first = next();
    const bytes: number[] = [];
    for (let round = 0; round < 12; round++) {
      await bitsOfPrompts(network, prefixes, [round === 0 ? first : next()]);
      bytes.push(prefixes.bytes);
    }
    expect(tokens()).toBe(16 + 12 * 40);
    expect(new Set(bytes.slice(3)).size).toBe(1);
    await bitsOfPrompts(network, prefixes, [first]);
    expect(tokens()).toBe(40);
  });

  it('keeps within its budget however many prompts it reads, and forgets the least recently needed first', async () => {
    const { network, tokens, architecture } = counting;
    const budget = 40 * cacheBytes(architecture, 64);
    const prefixes = cacheFor(network, budget);
    const always = draw(16);
    for (let round = 0; round < 60; round++) {
      await bitsOfPrompts(network, prefixes, [
        [...always, ...draw(40)],
        [...always, ...draw(40)],
      ]);
      expect(prefixes.bytes).toBeLessThanOrEqual(budget);
    }
    expect(tokens()).toBe(16 + 60 * 80);
  });
});
