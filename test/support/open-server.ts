import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { seededRandom } from './random.ts';

export interface Received {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: { readonly model: string; readonly [key: string]: unknown };
  /** What happened to it: a fault's name, or `answered`. */
  outcome: string;
  readonly atMs: number;
}

export type Answer = {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly body: unknown;
};

export interface FaultyServer {
  /** With `/v1`. */
  readonly baseUrl: string;
  readonly received: Received[];
  /** From now on this share of the requests fails. */
  setFaults(share: number): void;
}

/** Every way to fail that the issue names, and some more of the same. */
const FAULTS: Readonly<Record<string, (response: ServerResponse, text: string, socket: Socket) => void>> = {
  overloaded: (response) => void response.writeHead(429).end('{"error":{"message":"slow down"}}'),
  'overloaded for a while': (response) => void response.writeHead(429, { 'retry-after': '0.02' }).end(),
  'overloaded until now': (response) =>
    void response.writeHead(429, { 'retry-after': new Date().toUTCString() }).end('busy'),
  'error of its own': (response) => void response.writeHead(500).end('Internal Server Error'),
  reset: (_response, _text, socket) => void socket.resetAndDestroy(),
  'no answer': () => {},
  'half an answer': (response, text) => void response.writeHead(200).write(text.slice(0, text.length / 2)),
  garbage: (response) => void response.writeHead(200).end(Buffer.from([0xff, 0xfe, 0x00, 0x81])),
  'a web page': (response) => void response.writeHead(200).end('<html>Welcome</html>'),
  'JSON cut off': (response, text) => void response.writeHead(200).end(text.slice(0, text.length / 2)),
  'connection cut off': (response, text, socket) => {
    response.writeHead(200, { 'content-length': text.length + 1 });
    response.write(text.slice(0, text.length / 2), () => socket.destroy());
  },
  'an error called a success': (response) => void response.writeHead(200).end('{"error":"out of memory"}'),
};

/** Answers that would fill the memory, or never end. */
const FLOODS: typeof FAULTS = {
  'a packed flood': (response) =>
    void response.writeHead(200, { 'content-encoding': 'gzip' }).end(packedFlood()),
  'half a packed flood': (response) =>
    void response.writeHead(200, { 'content-encoding': 'gzip' }).write(packedFlood().subarray(0, 50_000)),
  'an endless answer': (response) => {
    const piece = Buffer.alloc(1 << 20, ' ');
    const send = () => {
      while (!response.destroyed && response.write(piece));
    };
    response.writeHead(200).on('drain', send);
    send();
  },
};

/** 128 MiB of zeros. */
function packedFlood(): Buffer {
  packed ??= gzipSync(Buffer.alloc(128 << 20));
  return packed;
}
let packed: Buffer | undefined;

const KINDS = { ...FAULTS, ...FLOODS };
export const FAULT_KINDS: readonly string[] = Object.keys(KINDS);

/** An OpenAI-like server on this machine. `answer` says what a request gets that does not fail. */
export async function openServer(
  answer: (request: Received) => Answer | Promise<Answer>,
  { faults = 0, seed = 1, kinds = Object.keys(FAULTS) as readonly string[] } = {},
): Promise<FaultyServer & { close(): void }> {
  const received: Received[] = [];
  const random = seededRandom(seed);
  let share = faults;
  const server = createServer(async (request, response) => {
    const body = JSON.parse(Buffer.concat(await request.toArray()).toString());
    const { url: path = '', headers } = request;
    const entry: Received = { path, headers, body, outcome: 'answered', atMs: performance.now() };
    received.push(entry);
    const given = await answer(entry);
    const text = JSON.stringify(given.body);
    if (random.uniform() < share) {
      entry.outcome = kinds[random.below(kinds.length)]!;
      KINDS[entry.outcome]!(response, text, request.socket);
    } else response.writeHead(given.status ?? 200, given.headers).end(text);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    received,
    setFaults: (next) => {
      share = next;
    },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** What `/completions` says. */
export function completion(text: string, more: object = {}): Answer {
  return {
    body: {
      id: 'cmpl-1',
      choices: [{ index: 0, text, finish_reason: 'stop', logprobs: null, ...more }],
      usage: { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 },
    },
  };
}
