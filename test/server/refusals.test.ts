import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ServedApi } from '../../src/server/api/serve-models.ts';
import { adaptiveNamed, speculativeNamed } from '../../src/sources/dynamic/dynamic-names.ts';
import { importRandomModel } from '../support/random-model.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { type Answer, complete, post, serve } from './served.ts';

const root = tempFolder();
let api: ServedApi;

beforeAll(async () => {
  importRandomModel(root, 'tiny', { exits: [2, 4], contextLength: 64, vocabSize: 300 });
  const dynamic = [adaptiveNamed('0.5')!, adaptiveNamed('margin:carried:2=0.5')!, speculativeNamed('2:4')!];
  api = await serve([join(root, 'tiny')], { key: 'a-secret-key', maxBodyBytes: 5000, dynamic });
});
afterAll(() => api.end());

const authorization = 'Bearer a-secret-key';
const ask = { model: 'tiny@2', prompt: 'Hello', max_tokens: 2 };

/** Status, and the error in OpenAI's form. */
async function refusalOf(response: Response) {
  const { error } = (await response.json()) as Answer;
  expect(Object.keys(error!)).toEqual(['message', 'type', 'param', 'code']);
  expect(error!.message).not.toContain('\n');
  return { status: response.status, ...error! };
}

describe('a completion is refused in one line', () => {
  it.each<[string, object, number, string, RegExp]>([
    [
      'of an unknown model',
      { model: 'tiny@3' },
      404,
      'model_not_found',
      /^model: expected one of tiny@2, .*found "tiny@3"$/,
    ],
    [
      'of speculation that is not served',
      { model: 'tiny@speculative:2:3' },
      404,
      'model_not_found',
      /expected one of .*tiny@speculative:2:4, .*found "tiny@speculative:2:3"$/,
    ],
    ['without a prompt', { prompt: undefined }, 400, 'invalid_value', /^prompt: expected a text/],
    [
      'with an id beyond the vocabulary',
      { prompt: [1, 300] },
      400,
      'invalid_value',
      /ids from 0 to 299, found 300$/,
    ],
    ['with a negative id', { prompt: [-1] }, 400, 'invalid_value', /^prompt/],
    ['with no tokens', { prompt: [] }, 400, 'invalid_value', /^prompt/],
    [
      'beyond the context',
      { prompt: Array(64).fill(1) },
      400,
      'context_length_exceeded',
      /at most 63 tokens \(context length 64\), found 64$/,
    ],
    ['with n', { n: 2 }, 400, 'invalid_value', /^n: expected 1 \(.*\), found 2$/],
    [
      'with a penalty',
      { presence_penalty: 0.5 },
      400,
      'invalid_value',
      /^presence_penalty: expected 0 \(.*\), found 0.5$/,
    ],
    ['with a bias', { logit_bias: { 5: 1 } }, 400, 'invalid_value', /^logit_bias/],
    ['with a suffix', { suffix: 'end' }, 400, 'invalid_value', /^suffix/],
    [
      'with an unknown key',
      { top_k: 3 },
      400,
      'invalid_value',
      /^body: expected known keys only, found the key "top_k"\. Did you mean top_p\?$/,
    ],
    [
      'with a temperature of 3',
      { temperature: 3 },
      400,
      'invalid_value',
      /^temperature: expected at most 2, found 3$/,
    ],
    ['with too many log-probabilities', { logprobs: 21 }, 400, 'invalid_value', /^logprobs/],
    ['with an empty stop text', { stop: '' }, 400, 'invalid_value', /^stop/],
    ['with an echo that is streamed', { stream: true, echo: true }, 400, 'invalid_value', /^echo/],
    [
      'that draws tokens at adaptive depth',
      { model: 'tiny@adaptive:0.5', temperature: 1 },
      400,
      'invalid_value',
      /^model: expected temperature 0 and no logprobs at adaptive depth/,
    ],
    [
      'that wants log-probabilities of speculative decoding',
      { model: 'tiny@speculative:2:4', logprobs: 1 },
      400,
      'invalid_value',
      /^model: expected temperature 0 and no logprobs in speculative decoding; name an exit/,
    ],
  ])('%s', async (_, change, status, code, message) => {
    const response = await post(
      api.url,
      '/v1/completions',
      { ...ask, ...change },
      { headers: { authorization } },
    );
    expect(await refusalOf(response)).toMatchObject({
      status,
      code,
      message: expect.stringMatching(message),
    });
  });

  it('that is no JSON, or of another type', async () => {
    const headers = { authorization };
    const broken = await post(api.url, '/v1/completions', undefined, { headers, body: '{"model": ' });
    expect(await refusalOf(broken)).toMatchObject({ status: 400, code: 'not_json' });
    const plain = { headers: { authorization, 'content-type': 'text/plain' } };
    const other = await post(api.url, '/v1/completions', ask, plain);
    expect(await refusalOf(other)).toMatchObject({ status: 415 });
  });

  it('that is too long', async () => {
    const body = { ...ask, prompt: 'a'.repeat(6000) };
    const response = await post(api.url, '/v1/completions', body, { headers: { authorization } });
    expect(await refusalOf(response)).toMatchObject({ status: 413, code: 'body_too_long' });
  });
});

describe('a server with a key', () => {
  it.each([
    ['none', {}],
    ['another', { authorization: 'Bearer another-key' }],
  ])('refuses a client with %s, and shows its health', async (_, headers) => {
    const response = await post(api.url, '/v1/completions', ask, { headers });
    expect(await refusalOf(response)).toMatchObject({ status: 401, code: 'invalid_api_key' });
    expect((await fetch(`${api.url}/health`)).status).toBe(200);
  });

  it('lists models to a client with the key, a bare name too', async () => {
    const response = await fetch(`${api.url}/v1/models`, { headers: { authorization } });
    const { data } = (await response.json()) as { data: Record<string, unknown>[] };
    const dynamic = ['adaptive:0.5', 'adaptive:margin:carried:2=0.5', 'speculative:2:4'];
    const ids = ['tiny@2', 'tiny@4', ...dynamic.map((depth) => `tiny@${depth}`), 'tiny'];
    expect(data.map(({ id }) => id)).toEqual(ids);
    expect(data[2]).toMatchObject({ adaptive: 0.5, confidence: 'probability' });
    expect(data[3]).toMatchObject({ adaptive: { 2: 0.5 }, confidence: 'margin', skipped: 'carried' });
    expect(data[4]).toMatchObject({ exit: 4, speculative: { draft: 2, tokens: 4 } });
    expect(data[0]).toMatchObject({ exit: 2, exits: [2, 4], layers: 4, root: 'tiny', max_model_len: 64 });
    expect(data[0]!['weights_sha256']).toMatch(/^[0-9a-f]{64}$/);
    const one = await fetch(`${api.url}/v1/models/tiny@adaptive:0.5`, { headers: { authorization } });
    expect(await one.json()).toEqual(data[2]);
  });

  it('has no other paths', async () => {
    const response = await post(api.url, '/v1/embeddings', ask, { headers: { authorization } });
    expect(await refusalOf(response)).toMatchObject({ status: 404, code: 'not_found' });
  });
});

describe('limits of waiting', () => {
  const long = { model: 'tiny', prompt: Array(60).fill('Hello'), max_tokens: 58 };

  it('refuse with 429 what would be too many, and answer the others', async () => {
    const small = await serve([join(root, 'tiny')], { maxWaiting: 60 });
    const first = complete(small.url, long);
    const refused = await post(small.url, '/v1/completions', { ...long, prompt: [...long.prompt, 'Hello'] });
    expect(await refusalOf(refused)).toMatchObject({ status: 429, type: 'rate_limit_error' });
    expect((await first).choices).toHaveLength(60);
    await small.end();
  });

  it('refuse with 503 what waited too long', async () => {
    const small = await serve([join(root, 'tiny')], { maxWaitSeconds: 0.001 });
    const response = await post(small.url, '/v1/completions', long);
    expect(await refusalOf(response)).toMatchObject({ status: 503, code: 'waited_too_long' });
    await small.end();
  });

  it('hold prompts to --max-prompt', async () => {
    const small = await serve([join(root, 'tiny')], { maxPromptTokens: 3 });
    const response = await post(small.url, '/v1/completions', { ...ask, prompt: [1, 2, 3, 4] });
    expect(await refusalOf(response)).toMatchObject({ status: 400, code: 'context_length_exceeded' });
    await small.end();
  });
});
