import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { type ServerPlace, serverSchema } from '../../../src/sources/served/server-place.ts';

/** What a server says of a model of four layers. */
export const LISTED = {
  id: 'soft',
  root: 'soft',
  exit: 4,
  exits: [2, 3, 4],
  layers: 4,
  kind: 'soft',
  precision: 'bf16',
  weights_sha256: 'a'.repeat(64),
  tokenizer_sha256: 'b'.repeat(64),
  vocab_size: 300,
  max_model_len: 64,
  engine: 'pytorch/cuda',
  device: 'NVIDIA H200',
  features: ['beams', 'kl', 'loglikelihood', 'speed'],
  system_fingerprint: 'f1',
  sorted_api: 1,
  parameters: { body: 7, embedding: 3, head: 3, extra_heads: 0 },
  weight_bytes: 26,
  extra_head_bytes: 0,
} as const;

export type Body = Record<string, unknown>;

/**
 * A server that lists models and answers every post by a function.
 * @param answer `status` in it is that of the answer
 * @param at port; default: a free one
 * @returns where it is, the bodies that it got, and how it ends
 */
export async function startListing(
  models: readonly object[],
  answer: (body: Body, path: string) => object = () => ({}),
  at = 0,
): Promise<{ readonly place: ServerPlace; readonly asked: Body[]; readonly end: () => Promise<void> }> {
  const asked: Body[] = [];
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const part of request) text += part;
    response.setHeader('content-type', 'application/json');
    if (request.method === 'GET') return response.end(JSON.stringify({ object: 'list', data: models }));
    const body = JSON.parse(text) as Body;
    asked.push(body);
    const answered = answer(body, request.url!);
    if ('status' in answered) response.statusCode = Number(answered.status);
    return response.end(JSON.stringify(answered));
  });
  await new Promise<void>((resolve) => server.listen(at, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const end = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { place: placeAt(`http://127.0.0.1:${port}/v1`), asked, end };
}

export const placeAt = (baseUrl: string) => serverSchema.parse({ baseUrl, maxTries: 1 });
