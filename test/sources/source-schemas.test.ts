import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  judgeIn,
  judgeSchema,
  modelIn,
  modelSchema,
  withoutTransport,
} from '../../src/sources/source-schemas.ts';

const endpoint = { baseUrl: 'http://localhost:8000/v1' };

/** `path: message` of what is wrong first. */
function problemOf(schema: typeof modelSchema | typeof judgeSchema, value: unknown): string {
  const { path, message } = schema.safeParse(value).error!.issues[0]!;
  return `${path.join('.')}: ${message}`;
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
    [{}, ': exactly one of the keys path, endpoint, answers'],
    [{ path: 'a', answers: 'b' }, ': exactly one of the keys path, endpoint, answers'],
    ['models/x', ': an object with one of the keys path, endpoint, answers'],
    [{ path: 'a', exits: [4, 2] }, 'exits: exits do not rise'],
    [{ path: 'a', batch: 2 }, ': Unrecognized key: "batch"'],
    [{ endpoint }, 'exits: Invalid input: expected record, received undefined'],
    [{ endpoint, exits: {} }, 'exits: at least one exit'],
    [{ endpoint, exits: { 0: 'x' } }, 'exits.0: Invalid key in record'],
    [{ endpoint, exits: { 2: 7 } }, 'exits.2: the model’s name at the server, or {model, baseUrl}'],
    [
      { endpoint: { baseUrl: 'http://a/v1', apiKey: 'sk-1' }, exits: { 2: 'x' } },
      'endpoint: Unrecognized key: "apiKey"',
    ],
    [{ answers: ['a.json'] }, 'answers: a file, or a file for each exit: {12: …, 16: …}'],
  ])('%j is told what is wrong', (value, problem) => {
    expect(problemOf(modelSchema, value)).toBe(problem);
  });
});

describe('a judge', () => {
  it('decodes as PandaLM does where nothing is said', () => {
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
    [{ endpoint }, 'model: Invalid input: expected string, received undefined'],
    [
      { endpoint, model: 'm', extraBody: { echo: true } },
      'extraBody: keys other than model, prompt, messages, stream, echo, suffix',
    ],
    [
      { path: 'j', protocol: 'mt-bench', decoding: 'verdict-only' },
      'decoding: greedy or beams: the verdict of this protocol is not in the first line',
    ],
    [
      { verdicts: 'v.json', protocol: 'alpaca' },
      'protocol: Invalid option: expected one of "pandalm"|"mt-bench"',
    ],
    [{ verdicts: 'v.json', decoding: 'greedy' }, ': Unrecognized key: "decoding"'],
    [
      { path: 'j', decoding: 'sampled' },
      'decoding: Invalid option: expected one of "beams"|"greedy"|"verdict-only"',
    ],
  ])('%j is told what is wrong', (value, problem) => {
    expect(problemOf(judgeSchema, value)).toBe(problem);
  });
});

describe('paths', () => {
  it('are relative to the sweep file', () => {
    const at = (path: string) => join('/sweeps', path);
    expect(modelIn('/sweeps', { path: 'm' })).toEqual({ path: at('m') });
    expect(modelIn('/sweeps', { answers: 'a.json' })).toEqual({ answers: at('a.json') });
    expect(modelIn('/sweeps', { answers: { 2: '/far/a.json' } })).toEqual({ answers: { 2: '/far/a.json' } });
    expect(judgeIn('/sweeps', { verdicts: 'v.json', pairs: 'p.json', protocol: 'pandalm' })).toEqual({
      verdicts: at('v.json'),
      pairs: at('p.json'),
      protocol: 'pandalm',
    });
  });
});

describe('the way to a server', () => {
  it('makes no other run, its address does', () => {
    const model = (more: object) =>
      modelSchema.parse({ endpoint: { ...endpoint, ...more }, exits: { 2: 'x' } });
    const same = withoutTransport(model({ concurrency: 1, maxTries: 2, apiKeyEnv: 'X', timeoutSeconds: 1 }));
    expect(same).toEqual(withoutTransport(model({})));
    expect(withoutTransport(model({ api: 'chat' }))).not.toEqual(same);
  });
});
