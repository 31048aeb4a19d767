import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KvCache } from '../../../src/engine/cache/kv-cache.ts';
import { generate, type Prompt } from '../../../src/engine/greedy/generate.ts';
import type { SegmentedModel } from '../../../src/engine/session/segmented-model.ts';
import { answers, randomIds } from '../../support/decode.ts';
import { inputErrorOf } from '../../support/failure.ts';
import { seededRandom } from '../../support/random.ts';
import { openRandomNetwork } from '../../support/random-model.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const CONTEXT = 96;
const EXITS = [1, 2, 4];
const root = tempFolder();
const random = seededRandom(41);
let sft: SegmentedModel;
let earlyExit: SegmentedModel;

beforeAll(async () => {
  const options = { exits: EXITS, contextLength: CONTEXT };
  const base = await openRandomNetwork(root, 'sft', options);
  sft = base.network;
  earlyExit = (await openRandomNetwork(root, 'early', { ...options, kind: 'early-exit', base: base.folder }))
    .network;
});
afterAll(async () => {
  await sft.close();
  await earlyExit.close();
});

const prompt = (tag: string, length: number, exits = EXITS): Prompt<string> => ({
  tag,
  ids: randomIds(random, length, 250),
  exits,
});
/** Tells the bytes of every cache that a network is given. */
function watchCaches(tell: (bytes: number) => void): () => void {
  const run = sft.runSegment;
  sft.runSegment = (index, input, step) => {
    tell((step.past as KvCache).bytes);
    return run.call(sft, index, input, step);
  };
  return () => {
    sft.runSegment = run;
  };
}

const idsOf = (results: Awaited<ReturnType<typeof answers>>) =>
  new Map([...results].map(([key, { tokenIds }]) => [key, tokenIds] as const).sort());

describe('an answer ends', () => {
  const one = prompt('p', 20, [4]);
  const answer = async (settings: Parameters<typeof answers>[2], asked = one) =>
    (await answers(sft, [asked], settings)).get(`${asked.tag}@4`)!;

  it('at the token limit', async () => {
    const { tokenIds, stopReason, promptTokens } = await answer({ maxNewTokens: 6 });
    expect([tokenIds.length, stopReason, promptTokens]).toEqual([6, 'token-limit', 20]);
    expect(await answer({ maxNewTokens: 1 })).toMatchObject({
      tokenIds: [tokenIds[0]],
      stopReason: 'token-limit',
    });
  });

  it('at an end-of-sequence id, which it includes, also where the limit is reached with it', async () => {
    const { tokenIds } = await answer({ maxNewTokens: 6 });
    const end = tokenIds.indexOf(tokenIds[4]!);
    const settings = { eosTokenIds: [999, tokenIds[4]!] };
    const expected = { tokenIds: tokenIds.slice(0, end + 1), stopReason: 'eos' };
    expect(await answer({ ...settings, maxNewTokens: 6 })).toMatchObject(expected);
    expect(await answer({ ...settings, maxNewTokens: end + 1 })).toMatchObject(expected);
  });

  it('with its first token, where that is the end', async () => {
    const { tokenIds } = await answer({ maxNewTokens: 1 });
    const settings = { eosTokenIds: [tokenIds[0]!] };
    expect(await answer(settings)).toMatchObject({ tokenIds: [tokenIds[0]], stopReason: 'eos' });
  });

  it('when the caller’s condition holds, asked with all ids so far', async () => {
    const seen: number[] = [];
    const stopWhen = (ids: readonly number[]) => seen.push(ids.length) === 3;
    const { tokenIds, stopReason } = await answer({ stopWhen });
    expect([tokenIds.length, stopReason, seen]).toEqual([3, 'stop-text', [1, 2, 3]]);
  });

  it.each([
    [CONTEXT - 3, 3],
    [CONTEXT - 1, 1],
    [CONTEXT, 0],
    [CONTEXT + 5, 0],
  ])('at the context’s end: a prompt of %i tokens leaves room for %i', async (length, room) => {
    const { tokenIds, stopReason } = await answer({ maxNewTokens: 50 }, prompt('p', length, [4]));
    expect([tokenIds.length, stopReason]).toEqual([room, 'context-end']);
  });
});

describe('generate', () => {
  it('gives the same answers at every batch size and in every order of prompts', async () => {
    const prompts = Array.from({ length: 9 }, (_, i) => prompt(`p${i}`, 1 + random.below(80)));
    const eosTokenIds = [7, 70, 170];
    const alone = await answers(sft, prompts, { batchSize: 1, maxNewTokens: 20, eosTokenIds });
    expect(alone.size).toBe(27);
    for (const batchSize of [2, 3, 7, 40]) {
      const together = await answers(sft, random.shuffle(prompts), {
        batchSize,
        maxNewTokens: 20,
        eosTokenIds,
      });
      expect(idsOf(together)).toEqual(idsOf(alone));
    }
  });

  it('gives prompts of one length, which it reads together, the answers that each gets alone', async () => {
    const prompts = Array.from({ length: 12 }, (_, i) =>
      prompt(`p${i}`, i < 9 ? 33 : 34, i === 4 ? [2] : EXITS),
    );
    for (const network of [sft, earlyExit]) {
      const alone = await answers(network, prompts, { batchSize: 1, maxNewTokens: 12 });
      expect(alone.size).toBe(34);
      for (const memoryMB of [0.001, undefined]) {
        const together = await answers(network, prompts, { batchSize: 40, maxNewTokens: 12, memoryMB });
        expect(idsOf(together)).toEqual(idsOf(alone));
      }
    }
  });

  it('answers one prompt at many exits as it answers it at each of them', async () => {
    const all = prompt('p', 30);
    const together = await answers(sft, [all]);
    for (const exit of EXITS) {
      const single = await answers(sft, [{ ...all, exits: [exit] }]);
      expect(single.get(`p@${exit}`)!.tokenIds).toEqual(together.get(`p@${exit}`)!.tokenIds);
    }
    expect(new Set([...idsOf(together).values()].map(String)).size).toBe(3);
  });

  it('answers at an early-exit model’s last exit as the SFT model does, and otherwise before', async () => {
    const prompts = [prompt('p', 30), prompt('q', 12)];
    const [ours, theirs] = [await answers(earlyExit, prompts), await answers(sft, prompts)];
    for (const { tag } of prompts) {
      expect(ours.get(`${tag}@4`)!.tokenIds).toEqual(theirs.get(`${tag}@4`)!.tokenIds);
      expect(ours.get(`${tag}@1`)!.tokenIds).not.toEqual(theirs.get(`${tag}@1`)!.tokenIds);
    }
  });

  it('takes a prompt only when there is room for it', async () => {
    let taken = 0;
    function* prompts() {
      for (; taken < 20; taken++) yield prompt(`p${taken}`, 10, [4]);
    }
    const settings = { maxNewTokens: 5, eosTokenIds: [], batchSize: 3 };
    const queue = generate(sft, prompts(), settings);
    await queue.next();
    expect(taken).toBe(2);
    await queue.return(undefined);
  });

  it('holds keys and values of the same size however many prompts there are, at most those of a budget ahead', async () => {
    const held = async (count: number, memoryMB: number) => {
      const sizes = new Set<number>();
      const restore = watchCaches((bytes) => sizes.add(bytes));
      const prompts = Array.from({ length: count }, (_, i) => prompt(`p${i}`, 40));
      await answers(sft, prompts, { batchSize: 40, maxNewTokens: 6, memoryMB });
      restore();
      return [...sizes].sort((a, b) => a - b);
    };
    const few = await held(10, 1024);
    expect(await held(30, 1024)).toEqual(few);
    const alone = await held(30, 0.001);
    // The batch's own cache, and one prompt's.
    expect(alone).toHaveLength(2);
    expect(few.at(-1)).toBe(alone.at(-1));
    expect(few).toContain(5 * alone[0]!);
  });

  it('says how long an answer took', async () => {
    const { durationMs } = (await answers(sft, [prompt('p', 10, [4])])).get('p@4')!;
    expect(durationMs).toBeGreaterThan(0);
  });

  it('refuses an exit that the model does not have', async () => {
    const error = await inputErrorOf(() => answers(sft, [prompt('p', 10, [3])]));
    expect(error).toMatchObject({ code: 'unknown-exit' });
  });
});

describe('an abort signal', () => {
  const settings = { maxNewTokens: 60, eosTokenIds: [], batchSize: 2 };

  it('keeps generation from starting', async () => {
    await expect(answers(sft, [prompt('p', 10)], {}, AbortSignal.abort(new Error('stop')))).rejects.toThrow(
      'stop',
    );
  });

  it('ends generation before the next step, with its reason', async () => {
    const controller = new AbortController();
    let asked = 0;
    const stopWhen = () => {
      asked++;
      if (asked === 4) controller.abort(new Error('interrupted'));
      return false;
    };
    const run = answers(sft, [prompt('p', 10, [4])], { ...settings, stopWhen }, controller.signal);
    await expect(run).rejects.toThrow('interrupted');
    expect(asked).toBe(4);
  });
});
