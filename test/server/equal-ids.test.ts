import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { alpacaPrompt } from '../../src/data/alpaca-prompt.ts';
import { generateAdaptively } from '../../src/engine/dynamic/adapt.ts';
import { readHead } from '../../src/engine/forced/head-in-memory.ts';
import { LoglikelihoodMeter } from '../../src/engine/forced/loglikelihood.ts';
import { teacherForce } from '../../src/engine/forced/teacher-force.ts';
import { generate } from '../../src/engine/greedy/generate.ts';
import { SegmentedModel } from '../../src/engine/session/segmented-model.ts';
import { importCheckpoint } from '../../src/model/folder/import-checkpoint.ts';
import { openTokenizer } from '../../src/model/tokenizer/tokenizer.ts';
import type { ServedApi } from '../../src/server/api/serve-models.ts';
import { adaptiveNamed, speculativeNamed } from '../../src/sources/dynamic/dynamic-names.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { type Answer, complete, events, nanoCheckpoint, post, serve } from './served.ts';

const root = tempFolder();
const folders = ['soft', 'early-exit'].map((name) => join(root, name));
const EXITS = [3, 6, 10];
const MAX_TOKENS = 24;
const ADAPTIVE = { threshold: 0.9 } as const;
const DYNAMIC = [adaptiveNamed('0.9')!, adaptiveNamed('carried:0.9')!, speculativeNamed('4:3')!];
let api: ServedApi;
let prompts: string[];
/** `soft@6 3` → ids that the engine makes of prompt 3. */
const expected = new Map<string, readonly number[]>();

beforeAll(async () => {
  for (const name of ['sft', 'soft', 'early-exit'])
    importCheckpoint(nanoCheckpoint(name), join(root, name), { precision: 'fp32' });
  const records = JSON.parse(readFileSync(join(nanoCheckpoint('..'), 'data', 'test.json'), 'utf8'));
  prompts = records
    .slice(0, 24)
    .map(({ instruction, input = '' }: { instruction: string; input?: string }) =>
      alpacaPrompt({ instruction, input }),
    );
  for (const folder of folders) await expectOf(folder);
  api = await serve(folders, { workers: 2, dynamic: DYNAMIC });
});
afterAll(() => api.end());

async function expectOf(folder: string): Promise<void> {
  const name = folder.slice(root.length + 1);
  const tokenizer = openTokenizer(folder);
  const encoded = prompts.map((text, tag) => ({ tag, ids: tokenizer.encode(text), exits: EXITS }));
  const model = await SegmentedModel.openStepwise(folder);
  const settings = { maxNewTokens: MAX_TOKENS, batchSize: 16, eosTokenIds: model.manifest.eosTokenIds };
  for await (const { tag, exit, tokenIds } of generate(model, encoded, settings))
    expected.set(`${name}@${exit} ${tag}`, tokenIds);
  for (const skipped of ['computed', 'carried'] as const) {
    const adaptive = { ...ADAPTIVE, skipped };
    const depth = skipped === 'carried' ? 'adaptive:carried:0.9' : 'adaptive:0.9';
    for await (const { tag, tokenIds } of generateAdaptively(model, encoded, { ...settings, adaptive }))
      expected.set(`${name}@${depth} ${tag}`, tokenIds);
  }
  // Greedy decoding at full depth.
  for (const tag of prompts.keys())
    expected.set(`${name}@speculative:4:3 ${tag}`, expected.get(`${name}@10 ${tag}`)!);
  await model.close();
}

/** In an order that has nothing to do with models and lengths. */
const shuffled = <Item>(items: readonly Item[]) => [...items].sort((left, right) => hash(left) - hash(right));
const hash = (item: unknown) =>
  Number.parseInt(Buffer.from(String(item)).toString('hex').slice(-10), 16) % 7919;

describe('ids that are served', () => {
  it('are those of the engine, at every exit, at adaptive depth and with speculation, whatever else is asked at the same time', async () => {
    const models = folders.flatMap((folder) =>
      [...EXITS, ...DYNAMIC.map(({ name }) => name)].map(
        (exit) => `${folder.slice(root.length + 1)}@${exit}`,
      ),
    );
    const asked = shuffled(models.flatMap((model) => prompts.map((_, index) => `${model} ${index}`)));
    const got = await Promise.all(asked.map((one, index) => idsOf(one, index)));
    expect(new Map(asked.map((one, index) => [one, got[index]]))).toEqual(
      new Map(asked.map((one) => [one, expected.get(one)])),
    );
  });

  /** Some are streamed, some come with log-probabilities, some as token ids, and some clients go away. */
  async function idsOf(one: string, index: number): Promise<number[]> {
    const [model, place] = one.split(' ');
    const prompt = prompts[Number(place)]!;
    const body = { model, prompt, max_tokens: MAX_TOKENS, return_token_ids: true };
    const isDynamic = model!.includes(':');
    if (index % 11 === 0) {
      const gone = post(api.url, '/v1/completions', body, { signal: AbortSignal.timeout(index % 30) });
      await gone.catch(() => {});
    }
    if (index % 3 === 0) {
      const response = await post(api.url, '/v1/completions', { ...body, stream: true });
      return (await events<Answer>(response)).flatMap(({ choices }) => choices[0]!.token_ids!);
    }
    const more = index % 3 === 1 && !isDynamic ? { logprobs: 2, echo: index % 2 === 0 } : {};
    return (await complete(api.url, { ...body, ...more })).choices[0]!.token_ids!;
  }

  it('are those of each prompt alone where one request has several', async () => {
    const { choices } = await complete(api.url, {
      model: 'soft@6',
      prompt: prompts,
      max_tokens: MAX_TOKENS,
      return_token_ids: true,
    });
    expect(choices.map(({ token_ids }) => token_ids)).toEqual(
      prompts.map((_, index) => expected.get(`soft@6 ${index}`)),
    );
  });

  it('say at which exit each of them left where the depth is adaptive', async () => {
    const body = { model: 'soft@adaptive:0.9', prompt: prompts[0], max_tokens: MAX_TOKENS };
    const [choice] = (await complete(api.url, { ...body, return_token_ids: true })).choices;
    expect(choice!.token_exits).toHaveLength(choice!.token_ids!.length);
  });
});

describe('a speculative answer', () => {
  it('says what became of its drafts', async () => {
    const answers = await complete(api.url, {
      model: 'soft@speculative:4:3',
      prompt: prompts,
      max_tokens: MAX_TOKENS,
    });
    const drafts = answers.choices.map((choice) => choice.drafts!);
    expect(drafts.every(({ drafted, accepted }) => accepted <= drafted)).toBe(true);
    expect(drafts.some(({ accepted }) => accepted > 0)).toBe(true);
  });

  it('reads no prompt that another depth has read', async () => {
    const prompt = `${prompts[5]} once more`;
    const [deep, speculative] = [
      await complete(api.url, { model: 'soft', prompt, max_tokens: 2 }),
      await complete(api.url, { model: 'soft@speculative:4:3', prompt, max_tokens: 2 }),
    ].map(({ usage }) => usage.prompt_tokens_details.cached_tokens);
    expect(deep).toBe(0);
    expect([0, openTokenizer(folders[0]!).encode(prompt).length]).toContain(speculative);
  });
});

describe('log-probabilities that are served', () => {
  it.each([3, 10])('are those of the engine’s loglikelihood at exit %i to 1e-4', async (exit) => {
    const [folder] = folders;
    const ids = openTokenizer(folder!).encode(prompts[0]!);
    const model = await SegmentedModel.open(folder!);
    const meter = await LoglikelihoodMeter.open(readHead(folder!, model.manifest, exit));
    const continuation = ids.slice(1);
    const [states] = await teacherForce(model, [{ context: ids.slice(0, 1), continuation }], {
      exits: [exit],
    });
    const logprobs = await meter.measure(states!.get(exit)!, continuation);
    await meter.close();
    await model.close();
    const body = { model: `soft@${exit}`, prompt: ids, max_tokens: 0, echo: true, logprobs: 1 };
    const [choice] = (await complete(api.url, body)).choices;
    const [first, ...served] = choice!.logprobs!.token_logprobs;
    expect(first).toBe(null);
    expect(served).toHaveLength(logprobs.length);
    const distances = served.map((value, index) => Math.abs(value! - logprobs[index]!));
    expect(Math.max(...distances)).toBeLessThan(1e-4);
    expect(choice!.text).toBe(prompts[0]);
    expect(choice!.logprobs!.tokens.slice(1).join('')).toBe(prompts[0]);
  });

  it('name the most likely tokens, of which the greedy one is the first', async () => {
    const body = { model: 'soft@6', prompt: prompts[1], max_tokens: 5, logprobs: 3 };
    const { tokens, token_logprobs, top_logprobs } = (await complete(api.url, body)).choices[0]!.logprobs!;
    for (const [index, top] of top_logprobs.entries()) {
      const values = Object.values(top!);
      expect(values).toHaveLength(3);
      expect(Math.max(...values)).toBe(token_logprobs[index]);
      expect(top![tokens[index]!]).toBe(token_logprobs[index]);
    }
  });
});

describe('a prompt that comes again', () => {
  it('is not read again, at an earlier exit either', async () => {
    const prompt = `${prompts[2]} again`;
    const body = { prompt, max_tokens: 4, return_token_ids: true };
    const one = await serve([folders[0]!]);
    const deep = await complete(one.url, { ...body, model: 'soft' });
    const shallow = await complete(one.url, { ...body, model: 'soft@3' });
    await one.end();
    const tokens = deep.choices[0]!.prompt_token_ids!.length;
    const cached = [deep, shallow].map(({ usage }) => usage.prompt_tokens_details.cached_tokens);
    expect(cached).toEqual([0, tokens]);
  });
});
