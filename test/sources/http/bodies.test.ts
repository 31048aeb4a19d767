import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { openHttpClient } from '../../../src/sources/http/client.ts';
import { endpointSchema } from '../../../src/sources/http/endpoint.ts';
import { MAX_BODY_BYTES } from '../../../src/sources/http/read-body.ts';

const TOO_LONG = 'an answer of more than 16 MiB';

/** One try at a server that gives every request this answer; what the try gave, and how long it took. */
async function tryAt(answer: (response: ServerResponse) => void, timeoutSeconds = 20) {
  const server = createServer((_, response) => answer(response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  const client = openHttpClient(endpointSchema.parse({ baseUrl, maxTries: 1, timeoutSeconds }));
  const startedAt = performance.now();
  const tried = await client.post(
    '/completions',
    {},
    z.object({ ok: z.string() }),
    new AbortController().signal,
  );
  return { tried, seconds: (performance.now() - startedAt) / 1000 };
}

const json = (bytes: number) => Buffer.from(`{"ok":"${'x'.repeat(bytes - '{"ok":""}'.length)}"}`);
const gzipped = (response: ServerResponse, body: Buffer) =>
  void response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(body));

/** Sends pieces until the reader is gone. */
function sendForever(response: ServerResponse, piece: Buffer): void {
  response.writeHead(200);
  const send = () => {
    while (!response.destroyed && response.write(piece));
  };
  response.on('drain', send);
  send();
}

describe('the body of an answer', () => {
  it('is read up to 16 MiB, and cut beyond, packed or not', async () => {
    const fits = await tryAt((response) => gzipped(response, json(MAX_BODY_BYTES)));
    expect(fits.tried).toHaveProperty('value');
    for (const send of [
      (response: ServerResponse) => gzipped(response, json(MAX_BODY_BYTES + 1)),
      (response: ServerResponse) => void response.end(json(MAX_BODY_BYTES + 1)),
      (response: ServerResponse) => gzipped(response, Buffer.alloc(256 << 20)),
      (response: ServerResponse) => sendForever(response, Buffer.alloc(1 << 20)),
    ]) {
      expect((await tryAt(send)).tried).toEqual({ error: TOO_LONG, refused: false });
    }
  });

  it('of an error is cut, too', async () => {
    const { tried } = await tryAt((response) => void response.writeHead(500).end(json(MAX_BODY_BYTES + 1)));
    expect(tried).toEqual({ error: TOO_LONG, refused: false });
  });
});

describe('a try ends by its own clock', () => {
  it.each([
    ['a body that never ends', (response: ServerResponse) => void response.writeHead(200).write('{')],
    [
      'a packed body that stops in its middle',
      (response: ServerResponse) =>
        void response
          .writeHead(200, { 'content-encoding': 'gzip' })
          .write(gzipSync(json(1e6)).subarray(0, 100)),
    ],
    ['no answer', () => {}],
  ])('given %s', async (_, answer) => {
    const { tried, seconds } = await tryAt(answer, 0.2);
    expect(tried).toEqual({ error: 'no answer within 0.2 s', refused: false });
    expect(seconds).toBeLessThan(5);
  });

  it('even where fetch never settles', async () => {
    const fetched = globalThis.fetch;
    onTestFinished(() => {
      globalThis.fetch = fetched;
    });
    globalThis.fetch = () => new Promise(() => {});
    const { tried } = await tryAt(() => {}, 0.1);
    expect(tried).toEqual({ error: 'no answer within 0.1 s', refused: false });
  });
});
