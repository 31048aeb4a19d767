/** What docs/server-api.md refuses, and how; health and readiness. */

import { expect, it } from 'vitest';
import { asking, authorization, type Json, type Refused } from './asking.ts';
import { MAX_BODY_KB, type TestedServer } from './servers.ts';

/** @param open the server of the suite, when its tests run */
export function refusalContract(open: () => TestedServer): void {
  const { ask, get } = asking(open);

  it.each<[string, Json, number, string, string | null]>([
    ['an unknown model', { model: 'sof' }, 404, 'model_not_found', 'model'],
    ['an exit that the model has not', { model: 'soft@11' }, 404, 'model_not_found', 'model'],
    ['no prompt', { prompt: undefined }, 400, 'invalid_value', 'prompt'],
    ['an empty list of ids', { prompt: [] }, 400, 'invalid_value', 'prompt'],
    ['an id beyond the vocabulary', { prompt: [1, 386] }, 400, 'invalid_value', 'prompt'],
    [
      'a prompt that fills the context',
      { prompt: Array(1024).fill(5) },
      400,
      'context_length_exceeded',
      'prompt',
    ],
    ['a negative limit', { max_tokens: -1 }, 400, 'invalid_value', 'max_tokens'],
    ['two choices', { n: 2 }, 400, 'invalid_value', 'n'],
    ['an empty stop text', { stop: '' }, 400, 'invalid_value', 'stop'],
    ['too many alternatives', { logprobs: 21 }, 400, 'invalid_value', 'logprobs'],
    ['a penalty', { presence_penalty: 1 }, 400, 'invalid_value', 'presence_penalty'],
  ])('refuses %s in one line', async (_, change, status, code, param) => {
    const body = { model: 'soft@3', prompt: 'Hello', max_tokens: 1, ...change };
    const refused = await ask<Refused>('/v1/completions', body);
    expect(refused.status).toBe(status);
    expect(Object.keys(refused.body.error)).toEqual(['message', 'type', 'param', 'code']);
    expect(refused.body.error).toMatchObject({ type: 'invalid_request_error', param, code });
    expect(refused.body.error.message).toMatch(/^[^\n]+$/);
  });

  it.each<[string, RequestInit, number, string]>([
    ['no key', { headers: {} }, 401, 'invalid_api_key'],
    ['another key', { headers: { authorization: 'Bearer another' } }, 401, 'invalid_api_key'],
    ['a body that is no JSON', { body: '{', headers: { authorization } }, 400, 'not_json'],
    [
      'a body of another type',
      { headers: { authorization, 'content-type': 'text/plain' } },
      415,
      'unsupported_media_type',
    ],
    [
      'a long body',
      { body: JSON.stringify({ prompt: 'x'.repeat(1000 * MAX_BODY_KB) }), headers: { authorization } },
      413,
      'body_too_long',
    ],
  ])('refuses %s', async (_, init, status, code) => {
    const refused = await ask<Refused>('/v1/completions', { model: 'soft', prompt: 'x' }, init);
    expect([refused.status, refused.body.error.code]).toEqual([status, code]);
  });

  it('refuses an unknown key and an unknown path', async () => {
    const body = { model: 'soft', prompt: 'x', top_k: 3 };
    expect((await ask<Refused>('/v1/completions', body)).status).toBe(400);
    const { status, body: refused } = await ask<Refused>('/v1/embeddings', body);
    expect([status, refused.error.code]).toEqual([404, 'not_found']);
  });

  it('says without a key that it lives and is ready', async () => {
    const { status, body } = await get<Json>('/health', {});
    expect([status, Object.keys(body).sort()]).toEqual([200, ['running', 'status', 'waiting']]);
    expect(body['status']).toBe('ok');
    expect(await get('/ready', {})).toEqual({ status: 200, body: { status: 'ready' } });
  });
}
