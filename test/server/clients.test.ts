import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type NanoServer, serveNano } from '../../scripts/clients/served/nano-server.ts';
import type { Exchange } from '../../scripts/clients/served/recorder.ts';

const GOLDEN = join(import.meta.dirname, '..', 'golden', 'clients');
const clients = readdirSync(GOLDEN).map((file) => {
  const exchanges: Exchange[] = JSON.parse(readFileSync(join(GOLDEN, file), 'utf8'));
  return [file.replace('.json', ''), exchanges] as const;
});
let server: NanoServer;

beforeAll(async () => {
  server = await serveNano();
});
afterAll(() => server.end());

/** What a client could rely on: without times, names of answers and words of errors; numbers as they are to 1e-4. */
function lasting(value: unknown): unknown {
  if (typeof value === 'number' && !Number.isInteger(value)) return expect.closeTo(value, 4);
  if (Array.isArray(value)) return value.map(lasting);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, item]) => [
    key,
    PASSING[key] ?? (key === 'message' && typeof item === 'string' ? expect.any(String) : lasting(item)),
  ]);
  return Object.fromEntries(entries);
}

/** Tokens that were cached depend on what was asked before. */
const PASSING: Readonly<Record<string, unknown>> = {
  created: expect.any(Number),
  id: expect.any(String),
  cached_tokens: expect.any(Number),
};

/** Parts of a stream come as they come: text and end count. */
function contentOf(response: unknown): unknown {
  if (typeof response !== 'string') return response;
  const lines = response.split('\n\n').filter((line) => line !== '' && line !== 'data: [DONE]');
  const chunks = lines.map((line) => JSON.parse(line.slice('data: '.length)));
  const choices = chunks.flatMap(({ choices: parts }) => parts);
  const text = choices.map(({ text: part, delta }) => part ?? delta.content).join('');
  const { finish_reason, stop_reason } = choices.at(-1);
  return { text, finish_reason, stop_reason, usage: chunks.at(-1).usage ?? null };
}

describe('what real clients asked, all at once', () => {
  it.each(clients)('is answered as it was when %s asked', async (_, exchanges) => {
    expect(exchanges.length).toBeGreaterThan(0);
    const headers = { 'content-type': 'application/json' };
    const answers = await Promise.all(
      exchanges.map(async ({ method, path, request }) => {
        const init = method === 'GET' ? {} : { headers, body: JSON.stringify(request) };
        const response = await fetch(`${server.url}${path}`, { method, ...init });
        const isJson = response.headers.get('content-type')?.includes('json');
        return {
          status: response.status,
          content: contentOf(isJson ? await response.json() : await response.text()),
        };
      }),
    );
    // A later version may say more than was recorded, never less.
    expect(answers).toMatchObject(
      exchanges.map(({ status, response }) => ({ status, content: lasting(contentOf(response)) })),
    );
  });
});
