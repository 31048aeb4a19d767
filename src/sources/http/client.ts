/** The only file that touches the network. */

import { setMaxListeners } from 'node:events';
import pLimit from 'p-limit';
import type { z } from 'zod';
import { InputError } from '../../core/errors.ts';
import { readApiKey } from './api-key.ts';
import type { Endpoint } from './endpoint.ts';
import { again, failureOf, type HttpAnswer, readAnswer } from './read-answer.ts';
import { BodyTooLong, readBody } from './read-body.ts';
import { type Tried, type Try, withRetries } from './retry.ts';
import { type ServerWatch, watchOf } from './server-watch.ts';
import { TimeIsUp, withinTime } from './within-time.ts';

export interface HttpClient {
  /**
   * Posts JSON, as often as it takes. An answer that does not fit the schema is a failed try.
   * @throws InputError where the server refuses every request (key, path); the signal's reason when it is
   * aborted
   */
  post<S extends z.ZodType>(
    path: string,
    body: object,
    schema: S,
    signal: AbortSignal,
  ): Promise<Tried<HttpAnswer<z.output<S>>>>;
  /** The same without a body. */
  get<S extends z.ZodType>(
    path: string,
    schema: S,
    signal: AbortSignal,
  ): Promise<Tried<HttpAnswer<z.output<S>>>>;
}

/**
 * After this many requests in a row without success the server counts as down, and the other requests are not
 * sent.
 */
export const FAILURES_OF_A_DEAD_SERVER = 10;

/** @throws InputError where the environment variable of the key is not usable */
export function openHttpClient(endpoint: Endpoint): HttpClient {
  const watch = watchOf(endpoint.baseUrl);
  const apiKey = readApiKey(endpoint);
  const limit = pLimit(endpoint.concurrency);
  const tally = openTally(endpoint, watch);
  const ask = async <S extends z.ZodType>(
    path: string,
    body: string | undefined,
    schema: S,
    signal: AbortSignal,
  ) => {
    // Every request that waits listens to it; Node takes more than ten for a leak.
    setMaxListeners(0, signal);
    return limit(async () => {
      const request = { endpoint, apiKey, url: urlOf(endpoint, path), body, signal, watch };
      const tried = await withRetries(() => tryOnce(request, schema), {
        maxTries: endpoint.maxTries,
        backoffMs: endpoint.backoffSeconds * 1000,
        signal,
        refuseTry: tally.refuseTry,
        pauseForServer: tally.pauseForServer,
      });
      tally.count(tried);
      return tried;
    });
  };
  return {
    post: (path, body, schema, signal) => ask(path, JSON.stringify(body), schema, signal),
    get: (path, schema, signal) => ask(path, undefined, schema, signal),
  };
}

interface Request {
  readonly endpoint: Endpoint;
  readonly apiKey: string | undefined;
  readonly url: string;
  /** Undefined: GET. */
  readonly body: string | undefined;
  readonly signal: AbortSignal;
  readonly watch: ServerWatch;
}

/** Tries of all requests together, and failures in a row. */
function openTally({ maxTotalTries = Number.POSITIVE_INFINITY }: Endpoint, watch: ServerWatch) {
  let tries = 0;
  let failuresInARow = 0;
  let isGone = false;
  return {
    pauseForServer: (reason: string) => {
      tries--;
      const pauseMs = watch.lost(reason);
      isGone = pauseMs === undefined;
      return pauseMs;
    },
    refuseTry: () => {
      if (isGone || failuresInARow >= FAILURES_OF_A_DEAD_SERVER) return 'the server did not answer any more';
      if (tries >= maxTotalTries) return 'the limit of all tries is used up';
      tries++;
      return undefined;
    },
    /** A refusal comes from a server that works. */
    count: (tried: Tried<unknown>) => {
      failuresInARow = 'value' in tried || tried.refused ? 0 : failuresInARow + 1;
    },
  };
}

async function tryOnce<S extends z.ZodType>(
  request: Request,
  schema: S,
): Promise<Try<HttpAnswer<z.output<S>>>> {
  const { signal, endpoint } = request;
  const startedAt = performance.now();
  try {
    const { response, bytes } = await withinTime(endpoint.timeoutSeconds * 1000, signal, async (stop) => {
      const response = await send(request, stop);
      request.watch.reached();
      // Read whatever the status is, so that the connection can be used again.
      return { response, bytes: await readBody(response) };
    });
    if (!response.ok) return failureOf(request, response, bytes);
    return readAnswer(request, bytes, schema, startedAt);
  } catch (error) {
    if (error instanceof InputError) throw error;
    signal.throwIfAborted();
    if (error instanceof BodyTooLong) return again(error.message);
    if (error instanceof TimeIsUp) return again(`no answer within ${endpoint.timeoutSeconds} s`);
    const code = networkCode(error);
    return { ...again(`connection failed: ${code}`), ...(NOT_THERE.has(code) && { isLost: true }) };
  }
}

function send({ url, body, apiKey }: Request, signal: AbortSignal): Promise<Response> {
  const headers = {
    ...(body !== undefined && { 'content-type': 'application/json' }),
    ...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }),
  };
  const sent = body === undefined ? { method: 'GET' } : { method: 'POST', body };
  // Redirects are reported, not followed: they could lead anywhere.
  return fetch(url, { ...sent, headers, signal, redirect: 'manual' });
}

/** The Fetch Standard blocks some ports, such as 6000 and 10080; undici says so in the message alone. */
const BAD_PORT = 'bad port';

/** Nobody was reached. A connection that breaks is another thing: the next attempt may succeed. */
const NOT_THERE: ReadonlySet<string> = new Set([
  ...['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'EHOSTDOWN', 'ENETUNREACH'],
  'UND_ERR_CONNECT_TIMEOUT',
  BAD_PORT,
]);

/** `ECONNRESET` and the like; the message of a failed fetch can hold what was sent. */
function networkCode(error: unknown): string {
  const { code, cause } = error as { code?: unknown; cause?: { code?: unknown; message?: unknown } };
  if (cause?.message === BAD_PORT) return BAD_PORT;
  return String(cause?.code ?? (typeof code === 'string' ? code : 'unknown reason'));
}

function urlOf({ baseUrl }: Endpoint, path: string): string {
  return `${baseUrl.replace(/\/+$/, '')}${path}`;
}
