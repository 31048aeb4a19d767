/**
 * What to do after a failed attempt, and how long to wait before the next. Pure, except that `withRetries`
 * waits.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import type { ResponseState } from '../../core/domain.ts';

/** A failed attempt. `again`: the next one may succeed. `refused`: this request never will. */
export interface FailedTry {
  readonly kind: 'again' | 'refused';
  /** A few words without any secret. */
  readonly reason: string;
  /** What a refusal says about the answer: the prompt is too long, a filter took it. */
  readonly state?: ResponseState | undefined;
  /** The wait that the server requests. */
  readonly retryAfterMs?: number;
  /** No connection could be made: the server is not there. */
  readonly isLost?: boolean;
}

export type Try<T> = { readonly kind: 'answered'; readonly value: T } | FailedTry;
export type Tried<T> = { readonly value: T } | FailedRequest;

export interface FailedRequest extends Pick<FailedTry, 'state'> {
  readonly error: string;
  readonly refused: boolean;
}

export interface RetrySettings {
  readonly maxTries: number;
  readonly backoffMs: number;
  readonly signal: AbortSignal;
  /** In [0, 1). */
  readonly random?: () => number;
  /** Why no request may be attempted any more, or undefined; counts the attempts that it allows. */
  readonly refuseTry?: () => string | undefined;
  /** Milliseconds to wait for a server that is not there, which uses up no attempt; undefined: no longer. */
  readonly pauseForServer?: (reason: string) => number | undefined;
}

export const MAX_PAUSE_MS = 30_000;
/** A longer requested wait ends the request: what it lacks is missing until the next call of the command. */
export const MAX_RETRY_AFTER_MS = 300_000;

/**
 * Attempts a request until it succeeds, is refused, or has no attempt left.
 * @throws the signal's reason when it is aborted
 */
export async function withRetries<T>(
  attempt: () => Promise<Try<T>>,
  settings: RetrySettings,
): Promise<Tried<T>> {
  const { maxTries, signal, refuseTry = () => undefined, pauseForServer } = settings;
  signal.throwIfAborted();
  let reason: string | undefined;
  let tries = 0;
  for (;;) {
    const notTried = refuseTry();
    if (notTried !== undefined) return { error: reason ?? `not tried: ${notTried}`, refused: false };
    const result = await attempt();
    if (result.kind === 'answered') return { value: result.value };
    reason = result.reason;
    if (result.kind === 'refused') return { error: reason, refused: true, state: result.state };
    if (result.isLost && pauseForServer) {
      const waitMs = pauseForServer(reason);
      if (waitMs === undefined) return { error: reason, refused: false };
      await pause(waitMs, signal);
      continue;
    }
    const pauseMs = pauseBefore(++tries, result, settings);
    if (tries >= maxTries || pauseMs > MAX_RETRY_AFTER_MS) return { error: reason, refused: false };
    await pause(pauseMs, signal);
  }
}

/**
 * Full jitter: anything from 0 to a bound that doubles with every attempt, so that requests which failed
 * together are not repeated together. Never shorter than the wait that the server requests.
 */
export function pauseBefore(
  tries: number,
  { retryAfterMs = 0 }: Pick<FailedTry, 'retryAfterMs'>,
  { backoffMs, random = Math.random }: Pick<RetrySettings, 'backoffMs' | 'random'>,
): number {
  const bound = Math.min(MAX_PAUSE_MS, backoffMs * 2 ** (tries - 1));
  return Math.max(retryAfterMs, random() * bound);
}

/** The header in either of its forms, seconds or an HTTP date; undefined for anything else. */
export function parseRetryAfter(header: string | null, nowMs = Date.now()): number | undefined {
  if (header === null) return undefined;
  const text = header.trim();
  // OpenAI and others also send fractions of a second.
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1000;
  // Date.parse would also take a lone number or word for a date.
  if (!/^[A-Za-z]{3,9},? .*\d{2}:\d{2}:\d{2}/.test(text)) return undefined;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.max(0, at - nowMs);
}

/**
 * Statuses that may be better next time: overload, time-outs, conflicts of the moment, and the server's own
 * errors.
 */
export function isWorthRetrying(status: number): boolean {
  // 501 and 505: the server cannot do it at all.
  if (status >= 500) return status !== 501 && status !== 505;
  return status === 408 || status === 409 || status === 425 || status === 429;
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(ms, undefined, { signal });
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
}
