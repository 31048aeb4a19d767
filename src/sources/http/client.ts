/** The only file that touches the network. */

import { setMaxListeners } from 'node:events';
import pLimit from 'p-limit';
import type { z } from 'zod';
import { InputError } from '../../core/errors.ts';
import { REDACTED, redact, redactValue } from '../../core/runtime/redact.ts';
import { readApiKey } from './api-key.ts';
import type { Endpoint } from './endpoint.ts';
import { BodyTooLong, readBody } from './read-body.ts';
import { isWorthRetrying, parseRetryAfter, type Tried, type Try, withRetries } from './retry.ts';
import { TimeIsUp, withinTime } from './within-time.ts';

export interface HttpAnswer<Body> {
  readonly body: Body;
  /** Of the try that succeeded, without those before it and the pauses. */
  readonly durationMs: number;
}

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
}

/**
 * After this many requests in a row without success the server counts as down, and the other requests are not
 * sent.
 */
export const FAILURES_OF_A_DEAD_SERVER = 10;

/** Statuses that no other request to the same place would escape. */
const REFUSALS: Readonly<Record<number, string>> = {
  401: 'Name the environment variable that holds the right key: apiKeyEnv.',
  403: 'Use a key that is allowed to do this.',
  404: 'Check that baseUrl ends as the server has it (often in /v1), that it has this api, and the model’s name.',
  405: 'Check baseUrl, and whether the server has this api.',
};

/** @throws InputError where the environment variable of the key is not usable */
export function openHttpClient(endpoint: Endpoint): HttpClient {
  const apiKey = readApiKey(endpoint);
  const limit = pLimit(endpoint.concurrency);
  const tally = openTally(endpoint);
  return {
    post: (path, body, schema, signal) => {
      // Every request that waits listens to it; Node takes more than ten for a leak.
      setMaxListeners(0, signal);
      return limit(async () => {
        const request = { endpoint, apiKey, url: urlOf(endpoint, path), body: JSON.stringify(body), signal };
        const tried = await withRetries(() => tryOnce(request, schema), {
          maxTries: endpoint.maxTries,
          backoffMs: endpoint.backoffSeconds * 1000,
          signal,
          refuseTry: tally.refuseTry,
        });
        tally.count(tried);
        return tried;
      });
    },
  };
}

interface Request {
  readonly endpoint: Endpoint;
  readonly apiKey: string | undefined;
  readonly url: string;
  readonly body: string;
  readonly signal: AbortSignal;
}

/** Tries of all requests together, and failures in a row. */
function openTally({ maxTotalTries = Number.POSITIVE_INFINITY }: Endpoint) {
  let tries = 0;
  let failuresInARow = 0;
  return {
    refuseTry: () => {
      if (failuresInARow >= FAILURES_OF_A_DEAD_SERVER) return 'the server did not answer any more';
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
      // Read whatever the status is, so that the connection can be used again.
      return { response, bytes: await readBody(response) };
    });
    if (!response.ok) return failureOf(request, response, new TextDecoder().decode(bytes));
    return readAnswer(bytes, schema, startedAt);
  } catch (error) {
    if (error instanceof InputError) throw error;
    signal.throwIfAborted();
    if (error instanceof BodyTooLong) return again(error.message);
    if (error instanceof TimeIsUp) return again(`no answer within ${endpoint.timeoutSeconds} s`);
    return again(`connection failed: ${networkCode(error)}`);
  }
}

function send({ url, body, apiKey }: Request, signal: AbortSignal): Promise<Response> {
  const headers = {
    'content-type': 'application/json',
    ...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }),
  };
  // Redirects are reported, not followed: they could lead anywhere.
  return fetch(url, { method: 'POST', headers, body, signal, redirect: 'manual' });
}

function readAnswer<S extends z.ZodType>(
  bytes: Uint8Array,
  schema: S,
  startedAt: number,
): Try<HttpAnswer<z.output<S>>> {
  let value: unknown;
  try {
    // Some servers send the key back, in an answer, too; answers are stored.
    value = redactValue(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)));
  } catch {
    return again('an answer that is not JSON');
  }
  const checked = schema.safeParse(value);
  if (checked.success) {
    const durationMs = performance.now() - startedAt;
    return { kind: 'answered', value: { body: checked.data, durationMs } };
  }
  const { path, message } = checked.error.issues[0]!;
  return again(`an answer of another form: ${path.join('.') || 'it'}: ${message}`);
}

function failureOf(request: Request, { status, headers }: Response, text: string): Try<never> {
  const reason = `HTTP ${status}${detailOf(text, request.apiKey)}`;
  const fix =
    REFUSALS[status] ?? (status >= 300 && status < 400 ? 'Put the address it leads to into baseUrl.' : '');
  if (fix !== '') {
    throw new InputError({
      code: 'bad-config',
      where: request.url,
      expected: 'an answer',
      found: reason,
      fix,
    });
  }
  if (!isWorthRetrying(status)) return { kind: 'refused', reason };
  const retryAfterMs = parseRetryAfter(headers.get('retry-after'));
  return { ...again(reason), ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
}

/** The server's own words, short; some servers put the key that they refuse into them. */
function detailOf(text: string, apiKey: string | undefined): string {
  const words = redact(messageIn(text) ?? text);
  const safe = apiKey === undefined ? words : words.replaceAll(apiKey, REDACTED);
  const line = safe
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .replace(/\.$/, '');
  if (line === '') return '';
  return `: ${line.length > 160 ? `${line.slice(0, 160)}…` : line}`;
}

/** `{"error": {"message": …}}`, `{"error": …}`, `{"message": …}` or `{"detail": …}`. */
function messageIn(text: string): string | undefined {
  try {
    const { error, message, detail } = JSON.parse(text);
    return [error?.message, error, message, detail].find((word) => typeof word === 'string');
  } catch {
    return undefined;
  }
}

function again(reason: string) {
  return { kind: 'again', reason } as const;
}

/** `ECONNRESET` and the like; the message of a failed fetch can hold what was sent. */
function networkCode(error: unknown): string {
  const { code, cause } = error as { code?: unknown; cause?: { code?: unknown } };
  return String(cause?.code ?? (typeof code === 'string' ? code : 'unknown reason'));
}

function urlOf({ baseUrl }: Endpoint, path: string): string {
  return `${baseUrl.replace(/\/+$/, '')}${path}`;
}
