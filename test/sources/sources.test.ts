import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkSchema } from '../../src/data/json-file.ts';
import { judgeIn, judgeSchema, modelIn, modelSchema, modelSetup } from '../../src/sources/sources.ts';
import { inputErrorOf } from '../support/failure.ts';

const endpoint = { baseUrl: 'http://localhost:8000/v1' };

/** What a user is shown of the first problem, without the name of the file. */
async function problemOf(schema: typeof modelSchema | typeof judgeSchema, value: unknown): Promise<string> {
  const place = { path: 'file', fix: 'Repair it.', code: 'bad-config' } as const;
  const { where, expected, found } = await inputErrorOf(() => checkSchema(value, schema, place));
  return `${where.replace(/^file(: )?/, '')}: expected ${expected}, found ${found}`;
}

describe('a model', () => {
  it.each([
    ['of a folder', { path: 'models/x', label: 'X', exits: [2, 4] }],
    ['behind a server', { endpoint, exits: { 2: 'x-2', 4: { model: 'x', baseUrl: 'http://b/v1' } } }],
    ['in one file', { answers: 'said.json' }],
    ['in a file for each exit', { answers: { 2: 'two.json', 4: 'four.json' } }],
  ])('%s is read', (_title, value) => {
    expect(modelSchema.safeParse(value).error).toBeUndefined();
  });

  it.each([
    [{}, ': expected exactly one of the keys path, endpoint, server, answers, found an object'],
    [
      { path: 'a', answers: 'b' },
      ': expected exactly one of the keys path, endpoint, server, answers, found an object',
    ],
    ['models/x', ': expected an object with one of the keys path, endpoint, server, answers, found a string'],
    [{ path: 'a', exits: [4, 2] }, 'exits: expected exits in ascending order, found a list of 2'],
    [{ path: 'a', batch: 2 }, ': expected known keys only, found the key "batch"'],
    [{ endpoint }, 'exits: expected an object, found nothing'],
    [{ endpoint, exits: {} }, 'exits: expected at least one exit, found an object'],
    [{ endpoint, exits: { 0: 'x' } }, 'exits.0: expected as a key an exit (a number of layers), found "0"'],
    [
      { endpoint, exits: { 2: 7 } },
      'exits.2: expected the model’s name at the server, or {model, baseUrl}, found 7',
    ],
    [
      { endpoint: { baseUrl: 'http://a/v1', apiKey: 'sk-1' }, exits: { 2: 'x' } },
      'endpoint: expected known keys only, found the key "apiKey"',
    ],
    [
      { answers: ['a.json'] },
      'answers: expected a file, or a file for each exit: {12: …, 16: …}, found a list of 1',
    ],
    [
      { endpoint: { ...endpoint, apiKeyEnv: 'sk-secret' }, exits: { 2: 'x' } },
      'endpoint.apiKeyEnv: expected the name of an environment variable, not the key itself, found a string',
    ],
  ])('of %j is refused with the reason', async (value, problem) => {
    expect(await problemOf(modelSchema, value)).toBe(problem);
  });
});

describe('a judge', () => {
  it('decodes as PandaLM does by default', () => {
    expect(judgeSchema.parse({ path: 'j' })).toMatchObject({ decoding: 'beams', maxNewTokens: 512 });
    expect(judgeSchema.parse({ endpoint, model: 'm' })).toMatchObject({ maxNewTokens: 512 });
  });

  it('decodes as the authors of another protocol do where it names one', () => {
    const protocol = 'mt-bench';
    const defaults = { protocol, maxNewTokens: 2048 };
    expect(judgeSchema.parse({ path: 'j', protocol })).toMatchObject({ ...defaults, decoding: 'greedy' });
    expect(judgeSchema.parse({ endpoint, model: 'm', protocol })).toMatchObject(defaults);
    expect(judgeSchema.parse({ path: 'j', protocol, maxNewTokens: 9 })).toMatchObject({ maxNewTokens: 9 });
  });

  it.each([
    [{ endpoint }, 'model: expected a string, found nothing'],
    [
      { endpoint, model: 'm', extraBody: { echo: true } },
      'extraBody: expected keys other than model, prompt, messages, stream, echo, suffix, found an object',
    ],
    [
      { path: 'j', protocol: 'mt-bench', decoding: 'verdict-only' },
      'decoding: expected greedy or beams: the verdict of this protocol is not in the first line, found a string',
    ],
    [
      { verdicts: 'v.json', protocol: 'alpaca' },
      'protocol: expected "pandalm" or "mt-bench", found "alpaca"',
    ],
    [{ verdicts: 'v.json', decoding: 'greedy' }, ': expected known keys only, found the key "decoding"'],
    [
      { path: 'j', decoding: 'sampled' },
      'decoding: expected "beams" or "greedy" or "verdict-only", found "sampled"',
    ],
  ])('of %j is refused with the reason', async (value, problem) => {
    expect(await problemOf(judgeSchema, value)).toBe(problem);
  });
});

describe('paths', () => {
  it('are relative to the sweep file', () => {
    const at = (path: string) => join('/sweeps', path);
    expect(modelIn('/sweeps', { path: 'm', prompt: 'alpaca' })).toEqual({ path: at('m'), prompt: 'alpaca' });
    expect(modelIn('/sweeps', { path: 'm', prompt: 'p.txt' })).toEqual({
      path: at('m'),
      prompt: at('p.txt'),
    });
    expect(modelIn('/sweeps', { answers: 'a.json' })).toEqual({ answers: at('a.json') });
    expect(modelIn('/sweeps', { answers: { 2: '/far/a.json' } })).toEqual({ answers: { 2: '/far/a.json' } });
    expect(
      judgeIn('/sweeps', { verdicts: 'v.json', pairs: 'p.json', protocol: 'pandalm', strip: [] }),
    ).toEqual({
      verdicts: at('v.json'),
      pairs: at('p.json'),
      protocol: 'pandalm',
      strip: [],
    });
  });
});

describe('the way to a server', () => {
  it('makes no other run, its address does', () => {
    const model = (more: object) =>
      modelSchema.parse({ endpoint: { ...endpoint, ...more }, exits: { 2: 'x' } });
    const same = modelSetup(model({ concurrency: 1, maxTries: 2, apiKeyEnv: 'X', timeoutSeconds: 1 }));
    expect(same).toEqual(modelSetup(model({})));
    expect(modelSetup(model({ api: 'chat' }))).not.toEqual(same);
  });
});
