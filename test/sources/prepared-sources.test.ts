import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { silentProgress } from '../../src/core/progress.ts';
import { formedPrompt } from '../../src/data/prompts/prompt-form.ts';
import { isFolderModel } from '../../src/sources/folder-source.ts';
import type { SweepModel } from '../../src/sources/model-source.ts';
import {
  judgeSchema,
  modelSchema,
  prepareJudge,
  prepareModels,
  requireExit,
} from '../../src/sources/sources.ts';
import { inputErrorOf } from '../support/failure.ts';
import { completion, startServer } from '../support/faulty-server.ts';
import { writeRandomCheckpoint } from '../support/random-checkpoint.ts';
import { tempFolder } from '../support/temp-folder.ts';

const root = tempFolder();
const { folder: checkpoint } = writeRandomCheckpoint(join(root, 'checkpoint'), { exits: [2, 4] });
const answers = join(root, 'answers.json');
writeFileSync(answers, JSON.stringify(['four']));
const verdicts = join(root, 'verdicts.json');
writeFileSync(
  verdicts,
  JSON.stringify([{ instruction: 'Add.', response1: 'a', response2: 'b', raw: '[[A]]' }]),
);

const options = { progress: silentProgress, output: join(root, 'out') };
const instruction = { id: 'i', instruction: 'Add 2 and 2.', input: '' };
const generation = { maxNewTokens: 3, batchSize: 2 };

afterEach(() => vi.unstubAllEnvs());

async function prepareModel(config: object): Promise<SweepModel> {
  const models = { m: modelSchema.parse(config) };
  return (await prepareModels(models, { ...options, instructions: [instruction] })).get('m')!;
}

function prepare(config: object, identical: 'ask' | 'tie' = 'ask') {
  return prepareJudge(judgeSchema.parse(config), { ...options, identical });
}

async function repliesOf(model: SweepModel, exits: readonly number[]) {
  const request = { tag: 'tag', instruction, prompt: { text: 'Add 2 and 2.' }, exits };
  const replies = [];
  for await (const reply of model.respond([request], { generation })) replies.push(reply);
  return replies;
}

describe('a model of each source says of itself', () => {
  it('in a folder: here, complete, with weights', async () => {
    const model = await prepareModel({ path: checkpoint });
    expect(model).toMatchObject({
      name: 'm',
      label: 'm',
      exits: [2, 4],
      isRemote: false,
      mayBeIncomplete: false,
    });
    expect(isFolderModel(model)).toBe(true);
    expect(model.decoding(generation)).toEqual({ strategy: 'greedy', maxNewTokens: 3, eosTokenIds: [1] });
    expect(() => model.requireApiKeys()).not.toThrow();
    const replies = await repliesOf(model, [4]);
    expect(replies).toMatchObject([{ tag: 'tag', exit: 4, text: expect.any(String) }]);
  });

  it('behind a server: elsewhere, perhaps incomplete, with a key where it names one', async () => {
    const server = await startServer(({ body }) => completion(`${body.model} says four`));
    const endpoint = { baseUrl: server.baseUrl, apiKeyEnv: 'TEST_API_KEY' };
    const model = await prepareModel({ endpoint, label: 'Served', exits: { 2: 'two' }, extraBody: { n: 1 } });
    expect(model).toMatchObject({ label: 'Served', exits: [2], isRemote: true, mayBeIncomplete: true });
    expect(isFolderModel(model)).toBe(false);
    expect(model.decoding(generation)).toEqual({
      strategy: 'http',
      maxNewTokens: 3,
      temperature: 0,
      extraBody: { n: 1 },
    });
    expect((await inputErrorOf(() => model.requireApiKeys())).message).toContain('TEST_API_KEY');
    vi.stubEnv('TEST_API_KEY', 'key');
    expect(() => model.requireApiKeys()).not.toThrow();
    expect(await repliesOf(model, [2])).toMatchObject([
      { exit: 2, text: 'two says four', finishReason: 'stop', promptTokens: 7, generatedTokens: 3 },
    ]);
  });

  it('in a file: here, perhaps incomplete', async () => {
    const model = await prepareModel({ answers: { 6: answers } });
    expect(model).toMatchObject({ exits: [6], isRemote: false, mayBeIncomplete: true });
    expect(model.decoding(generation)).toEqual({ strategy: 'recorded' });
    expect(await repliesOf(model, [6, 7])).toMatchObject([
      { exit: 6, text: 'four' },
      { exit: 7, error: 'the file has no answer to this instruction' },
    ]);
  });

  it('which exits it has', async () => {
    const model = await prepareModel({ answers: { 6: answers } });
    expect(() => requireExit(model, 6, 'here')).not.toThrow();
    const error = await inputErrorOf(() => requireExit(model, 7, 'here'));
    expect(error).toMatchObject({ code: 'unknown-exit', expected: 'one of the exits 6 of m', found: '7' });
  });
});

describe('a judge of each source says of itself', () => {
  it('in a folder: here and complete; its name is the judge’s', async () => {
    const prepared = await prepare({ path: checkpoint, decoding: 'greedy' });
    expect(prepared).toMatchObject({ isRemote: false, mayBeIncomplete: false });
    expect(() => prepared.requireApiKey()).not.toThrow();
    const judge = await prepared.open();
    expect(judge).toMatchObject({ label: 'judge', decoding: { strategy: 'greedy', maxNewTokens: 512 } });
    await judge.close();
  });

  it('behind a server: elsewhere, perhaps incomplete, with a key where it names one', async () => {
    const endpoint = { baseUrl: 'http://localhost:9/v1', apiKeyEnv: 'TEST_API_KEY' };
    const prepared = await prepare({ endpoint, model: 'gpt', protocol: 'mt-bench' }, 'tie');
    expect(prepared).toMatchObject({ isRemote: true, mayBeIncomplete: true });
    expect((await inputErrorOf(() => prepared.requireApiKey())).message).toContain('TEST_API_KEY');
    const decoding = { strategy: 'http', maxNewTokens: 2048, protocol: 'mt-bench', identical: 'tie' };
    expect(await prepared.open()).toMatchObject({ label: 'gpt', decoding, protocol: { name: 'mt-bench' } });
  });

  it('in a file: here, perhaps incomplete, found by the prompt of its protocol', async () => {
    const prepared = await prepare({ verdicts, protocol: 'mt-bench' });
    expect(prepared).toMatchObject({ isRemote: false, mayBeIncomplete: true });
    const judge = await prepared.open();
    expect(judge.label).toBe('verdicts.json');
    const pair = { instruction: { instruction: 'Add.', input: '' }, responses: ['a', 'b'] } as const;
    const { fixed, shortenable } = judge.protocol.prompt(pair);
    const text = fixed[0] + shortenable[0] + fixed[1] + shortenable[1] + fixed[2];
    const replies = [];
    for await (const reply of judge.ask([{ tag: 1, text }])) replies.push(reply);
    expect(replies).toMatchObject([{ tag: 1, rawText: '[[A]]' }]);
  });
});

describe('a model behind a server', () => {
  const endpoint = { baseUrl: 'http://127.0.0.1:1/v1' };
  const exits = { 4: 'm' };

  it('is sent its form, and has keys of its own in each', async () => {
    const keysIn = async (more: object) => (await prepareModel({ endpoint, exits, ...more })).keys.get(4);
    const keys = await Promise.all(
      [{}, { prompt: 'vicuna' }, { prompt: 'vicuna', system: 'Hi.' }].map(keysIn),
    );
    expect(new Set(keys).size).toBe(3);
    expect(await keysIn({ prompt: 'alpaca' })).toBe(keys[0]);
    const { form, decoding } = await prepareModel({ endpoint, exits, prompt: 'vicuna' });
    expect(form?.name).toBe('vicuna');
    expect(decoding(generation)).toMatchObject({ prompt: { name: 'vicuna' } });
  });

  it('gets the bare question with `chat` where it writes the template itself', async () => {
    const { form } = await prepareModel({ endpoint: { ...endpoint, api: 'chat' }, exits, prompt: 'chat' });
    expect(formedPrompt(form, { ...instruction, input: 'Now.' })).toEqual({ text: 'Add 2 and 2.\n\nNow.' });
  });

  it.each([
    ['chat with `api: completions`', { endpoint, exits, prompt: 'chat' }],
    [
      'chat with a `system` text',
      { endpoint: { ...endpoint, api: 'chat' }, exits, prompt: 'chat', system: 'Hi.' },
    ],
  ])('is refused with %s: its template is not at hand', async (found, config) => {
    expect(await inputErrorOf(() => prepareModel(config))).toMatchObject({ code: 'bad-config', found });
  });
});
