import { afterEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { FAILURES_OF_A_DEAD_SERVER, openHttpClient } from '../../../src/sources/http/client.ts';
import { type Endpoint, endpointSchema } from '../../../src/sources/http/endpoint.ts';
import { inputErrorOf } from '../../support/failure.ts';
import { type Answer, startServer } from '../../support/faulty-server.ts';

const KEY = 'sk-very-secret-key';
const { signal } = new AbortController();
const schema = z.object({ ok: z.boolean() });
const OK: Answer = { body: { ok: true } };

const endpointAt = (baseUrl: string, more: Partial<Endpoint> = {}): Endpoint => ({
  ...endpointSchema.parse({ baseUrl, backoffSeconds: 0.001 }),
  ...more,
});

function post(endpoint: Endpoint, client = openHttpClient(endpoint)) {
  return client.post('/completions', { model: 'm' }, schema, signal);
}

afterEach(() => vi.unstubAllEnvs());

describe('the key', () => {
  it('comes from the environment and stands in one header', async () => {
    vi.stubEnv('TEST_API_KEY', `${KEY}\n`);
    const { baseUrl, received } = await startServer(() => OK);
    await post(endpointAt(baseUrl, { apiKeyEnv: 'TEST_API_KEY' }));
    expect(received[0]!.headers.authorization).toBe(`Bearer ${KEY}`);
    expect(received[0]!.path).toBe('/v1/completions');
    expect(JSON.stringify(received[0]!.body)).not.toContain(KEY);
  });

  it('is not asked for where none is named', async () => {
    const { baseUrl, received } = await startServer(() => OK);
    await post(endpointAt(baseUrl));
    expect(received[0]!.headers.authorization).toBeUndefined();
  });

  it.each([401, 403, 400, 500])('is taken out of what the server says with status %i', async (status) => {
    vi.stubEnv('TEST_API_KEY', KEY);
    const { baseUrl } = await startServer(() => ({
      status,
      body: { error: { message: `Incorrect key ${KEY}\u001b[31m\nfor you.` } },
    }));
    const endpoint = endpointAt(baseUrl, { apiKeyEnv: 'TEST_API_KEY', maxTries: 2 });
    const ending = await post(endpoint).catch((error: Error) => ({
      error: `${error.message} ${error.stack}`,
    }));
    const said = 'error' in ending ? ending.error : '';
    expect(said).toContain(`HTTP ${status}: Incorrect key [API key] [31m for you`);
    expect(said).not.toContain(KEY);
  });

  it.each([
    ['', 'found nothing'],
    ['two\nlines of it', 'cannot hold'],
    ['schlüssel', 'cannot hold'],
  ])('is refused when it is %j, without being shown', async (key, said) => {
    vi.stubEnv('TEST_API_KEY', key);
    const error = await inputErrorOf(() =>
      openHttpClient(endpointAt('http://localhost/v1', { apiKeyEnv: 'TEST_API_KEY' })),
    );
    expect(error.message).toContain(said);
    expect(error.where).toBe('environment variable TEST_API_KEY');
    if (key !== '') expect(error.message).not.toContain(key.slice(0, 4));
  });
});

describe('an endpoint', () => {
  it.each([
    ['http://user:password@localhost/v1'],
    ['http://localhost/v1?key=secret'],
    ['ftp://localhost'],
    ['localhost:8000'],
    ['file:///etc/passwd'],
  ])('cannot be %s', (baseUrl) => {
    expect(endpointSchema.safeParse({ baseUrl }).success).toBe(false);
  });

  it('cannot have the key itself in the place of its variable’s name', () => {
    expect(endpointSchema.safeParse({ baseUrl: 'http://a/v1', apiKeyEnv: KEY }).success).toBe(false);
    expect(endpointSchema.safeParse({ baseUrl: 'http://a/v1', apiKey: KEY }).success).toBe(false);
  });
});

describe('a refusal', () => {
  it.each([
    [401, 'apiKeyEnv'],
    [403, 'a key that is allowed'],
    [404, 'baseUrl'],
    [405, 'baseUrl'],
    [301, 'baseUrl'],
  ])('with status %i ends everything in one line, after one try', async (status, said) => {
    const { baseUrl, received } = await startServer(() => ({
      status,
      headers: { location: 'http://127.0.0.1:1/elsewhere' },
      body: { detail: 'no.' },
    }));
    const error = await inputErrorOf(() => post(endpointAt(baseUrl)));
    expect(error.message).toContain(`/v1/completions: expected an answer, found HTTP ${status}: no. `);
    expect(error.message).toContain(said);
    expect(received).toHaveLength(1);
  });

  it('of one request is an answer about that one, after one try', async () => {
    const { baseUrl, received } = await startServer(() => ({ status: 400, body: { message: 'too long' } }));
    expect(await post(endpointAt(baseUrl))).toEqual({ error: 'HTTP 400: too long', refused: true });
    expect(received).toHaveLength(1);
  });
});

describe('a failure', () => {
  it('is tried again as often as the endpoint says, and then told', async () => {
    const { baseUrl, received } = await startServer(() => ({ status: 503, body: { error: 'loading' } }));
    expect(await post(endpointAt(baseUrl, { maxTries: 3 }))).toEqual({
      error: 'HTTP 503: loading',
      refused: false,
    });
    expect(received).toHaveLength(3);
  });

  it.each(['no answer', 'half an answer'])('that is %s ends in time', async (kind) => {
    const { baseUrl, received } = await startServer(() => OK, { faults: 1, kinds: [kind] });
    const startedAt = performance.now();
    const tried = await post(endpointAt(baseUrl, { maxTries: 2, timeoutSeconds: 0.1 }));
    expect(tried).toEqual({ error: 'no answer within 0.1 s', refused: false });
    expect(received).toHaveLength(2);
    expect(performance.now() - startedAt).toBeGreaterThan(190);
    expect(performance.now() - startedAt).toBeLessThan(5000);
  });

  it('to connect is told by its code', async () => {
    const tried = await post(endpointAt('http://127.0.0.1:9/v1', { maxTries: 2 }));
    expect(tried).toMatchObject({ error: expect.stringMatching(/^connection failed: /), refused: false });
  });

  it('waits as Retry-After says', async () => {
    let asked = 0;
    const { baseUrl, received } = await startServer(() =>
      asked++ === 0 ? { status: 429, headers: { 'retry-after': '0.2' }, body: {} } : OK,
    );
    expect(await post(endpointAt(baseUrl))).toMatchObject({ value: { body: { ok: true } } });
    expect(received[1]!.atMs - received[0]!.atMs).toBeGreaterThan(190);
  });

  it('of all requests together has a limit', async () => {
    const { baseUrl, received } = await startServer(() => ({ status: 500, body: {} }));
    const endpoint = endpointAt(baseUrl, { maxTries: 4, maxTotalTries: 6, concurrency: 1 });
    const client = openHttpClient(endpoint);
    const tried = await Promise.all([1, 2, 3].map(() => post(endpoint, client)));
    expect(received).toHaveLength(6);
    expect(tried[2]).toEqual({ error: 'not tried: the limit of all tries is used up', refused: false });
  });

  it('after failure makes a server count as down, and the rest is not even asked', async () => {
    const { baseUrl, received } = await startServer(() => ({ status: 500, body: {} }));
    const endpoint = endpointAt(baseUrl, { maxTries: 2, concurrency: 1 });
    const client = openHttpClient(endpoint);
    const tried = await Promise.all(Array.from({ length: 40 }, () => post(endpoint, client)));
    expect(received).toHaveLength(2 * FAILURES_OF_A_DEAD_SERVER);
    expect(tried.at(-1)).toMatchObject({ error: 'not tried: the server did not answer any more' });
  });

  it('never has more requests under way than the endpoint allows', async () => {
    let [underWay, most] = [0, 0];
    const { baseUrl } = await startServer(() => OK);
    const realFetch = globalThis.fetch;
    vi.stubGlobal('fetch', async (...args: Parameters<typeof fetch>) => {
      most = Math.max(most, ++underWay);
      await new Promise((resolve) => setTimeout(resolve, 5));
      return realFetch(...args).finally(() => underWay--);
    });
    const endpoint = endpointAt(baseUrl, { concurrency: 3 });
    const client = openHttpClient(endpoint);
    await Promise.all(Array.from({ length: 20 }, () => post(endpoint, client)));
    vi.unstubAllGlobals();
    expect(most).toBe(3);
  });
});
