/** What an answer of a server means for its request: it is read, or says why there is none. */

import type { z } from 'zod';
import { InputError } from '../../core/errors.ts';
import { REDACTED, redact, redactValue } from '../../core/runtime/redact.ts';
import { wellFormedValue } from '../../core/well-formed.ts';
import { type FailedTry, isWorthRetrying, parseRetryAfter, type Try } from './retry.ts';

export interface HttpAnswer<Body> {
  readonly body: Body;
  /** Of the try that succeeded, without those before it and the pauses. */
  readonly durationMs: number;
}

/** Statuses that no other request to the same place would escape. */
const REFUSALS: Readonly<Record<number, string>> = {
  401: 'Name the environment variable that holds the right key: apiKeyEnv.',
  403: 'Use a key that is allowed to do this.',
  404: 'Check that baseUrl ends as the server has it (often in /v1), that it has this api, and the model’s name.',
  405: 'Check baseUrl, and whether the server has this api.',
};

/**
 * The body of an answer that the server calls a success.
 * @param startedAt of the request, by `performance.now()`
 */
export function readAnswer<S extends z.ZodType>(
  bytes: Uint8Array,
  schema: S,
  startedAt: number,
): Try<HttpAnswer<z.output<S>>> {
  let value: unknown;
  try {
    // Some servers send the key back, in an answer, too; answers are stored.
    const parsed = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    value = redactValue(wellFormedValue(parsed));
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

interface Sent {
  readonly url: string;
  readonly apiKey: string | undefined;
}

/**
 * What an answer of another status means.
 * @throws InputError `bad-config` where every request to the same place would end so
 */
export function failureOf({ url, apiKey }: Sent, { status, headers }: Response, body: Uint8Array): FailedTry {
  const reason = `HTTP ${status}${detailOf(new TextDecoder().decode(body), apiKey)}`;
  const fix =
    REFUSALS[status] ?? (status >= 300 && status < 400 ? 'Put the address it leads to into baseUrl.' : '');
  if (fix !== '') {
    throw new InputError({
      code: 'bad-config',
      where: url,
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

/** A failed try that another one may follow. */
export function again(reason: string) {
  return { kind: 'again', reason } as const;
}
