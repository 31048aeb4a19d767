/** A proxy that keeps what passes through it. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Exchange {
  readonly method: string;
  readonly path: string;
  readonly request: unknown;
  readonly status: number;
  /** JSON, or the events of a stream as text. */
  readonly response: unknown;
}

export async function recordAt(target: string) {
  const exchanges: Exchange[] = [];
  const server = createServer(async (incoming, outgoing) => {
    const pieces: Buffer[] = [];
    for await (const piece of incoming) pieces.push(piece as Buffer);
    const body = Buffer.concat(pieces);
    const { method = 'GET', url: path = '/' } = incoming;
    const headers = { 'content-type': incoming.headers['content-type'] ?? '' };
    const init = method === 'GET' ? {} : { body, headers };
    const response = await fetch(`${target}${path}`, { method, ...init });
    const text = await response.text();
    const type = response.headers.get('content-type') ?? '';
    const isJson = type.includes('application/json');
    const request = body.length === 0 ? null : JSON.parse(body.toString());
    exchanges.push({
      method,
      path,
      request,
      status: response.status,
      response: isJson ? JSON.parse(text) : text,
    });
    outgoing.writeHead(response.status, { 'content-type': type }).end(text);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, exchanges, close: () => void server.close() };
}
