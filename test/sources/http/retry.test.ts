import { describe, expect, it } from 'vitest';
import {
  isWorthRetrying,
  MAX_PAUSE_MS,
  MAX_RETRY_AFTER_MS,
  parseRetryAfter,
  pauseBefore,
  type Try,
  withRetries,
} from '../../../src/sources/http/retry.ts';

const NOW = Date.parse('Wed, 21 Oct 2026 07:28:00 GMT');

describe('Retry-After', () => {
  it.each([
    ['0', 0],
    ['7', 7000],
    [' 120 ', 120_000],
    ['0.5', 500],
    ['Wed, 21 Oct 2026 07:28:30 GMT', 30_000],
    ['Wednesday, 21-Oct-26 07:28:30 GMT', 30_000],
    ['Wed, 21 Oct 2026 07:27:00 GMT', 0],
    ['soon', undefined],
    ['-3', undefined],
    ['', undefined],
    ['2026', 2_026_000],
    [null, undefined],
  ])('of %j is read as %j ms', (header, expected) => {
    expect(parseRetryAfter(header, NOW)).toBe(expected);
  });
});

describe('the pause', () => {
  const longest = (tries: number) => pauseBefore(tries, {}, { backoffMs: 500, random: () => 1 });

  it('has a bound that doubles up to 30 s, and any length below it', () => {
    expect([1, 2, 3, 4, 7, 50].map(longest)).toEqual([500, 1000, 2000, 4000, MAX_PAUSE_MS, MAX_PAUSE_MS]);
    expect(pauseBefore(3, {}, { backoffMs: 500, random: () => 0.25 })).toBe(500);
    expect(pauseBefore(9, {}, { backoffMs: 500, random: () => 0 })).toBe(0);
  });

  it('is never shorter than the server asked for', () => {
    const settings = { backoffMs: 500, random: () => 0 };
    expect(pauseBefore(1, { retryAfterMs: 7000 }, settings)).toBe(7000);
    expect(pauseBefore(9, { retryAfterMs: 7000 }, { ...settings, random: () => 1 })).toBe(MAX_PAUSE_MS);
  });
});

describe('a status', () => {
  it.each([408, 409, 425, 429, 500, 502, 503, 504, 529])('%i is tried again', (status) => {
    expect(isWorthRetrying(status)).toBe(true);
  });

  it.each([400, 402, 410, 413, 422, 501, 505])('%i is not', (status) => {
    expect(isWorthRetrying(status)).toBe(false);
  });
});

describe('tries', () => {
  const { signal } = new AbortController();

  /** Tries with these results, the last one again and again, and counts them. */
  function script(...results: Try<string>[]) {
    const script = { tries: 0, attempt: async () => results[Math.min(script.tries++, results.length - 1)]! };
    return script;
  }
  const again = (reason: string, retryAfterMs?: number): Try<never> => ({
    kind: 'again',
    reason,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });

  it('go on until there is an answer', async () => {
    const { attempt } = script(again('one'), again('two'), { kind: 'answered', value: 'yes' });
    expect(await withRetries(attempt, { maxTries: 5, backoffMs: 1, signal })).toEqual({ value: 'yes' });
  });

  it('end with the last reason once they are used up', async () => {
    const asked = script(again('one'), again('two'));
    const tried = await withRetries(asked.attempt, { maxTries: 4, backoffMs: 1, signal });
    expect(tried).toEqual({ error: 'two', refused: false });
    expect(asked.tries).toBe(4);
  });

  it('end at once with a refusal', async () => {
    const asked = script({ kind: 'refused', reason: 'HTTP 400' });
    expect(await withRetries(asked.attempt, { maxTries: 4, backoffMs: 1, signal })).toEqual({
      error: 'HTTP 400',
      refused: true,
    });
    expect(asked.tries).toBe(1);
  });

  it('end where the server asks for a wait that nobody has time for', async () => {
    const asked = script(again('tomorrow', MAX_RETRY_AFTER_MS + 1));
    await withRetries(asked.attempt, { maxTries: 4, backoffMs: 1, signal });
    expect(asked.tries).toBe(1);
  });

  it('wait as long as the server asks for', async () => {
    const startedAt = performance.now();
    await withRetries(script(again('busy', 80), { kind: 'answered', value: 'yes' }).attempt, {
      maxTries: 2,
      backoffMs: 1,
      signal,
    });
    expect(performance.now() - startedAt).toBeGreaterThan(75);
  });

  it('stop in the middle of a pause when they are interrupted', async () => {
    const interrupt = new AbortController();
    const trying = withRetries(script(again('busy', 60_000)).attempt, {
      maxTries: 2,
      backoffMs: 1,
      signal: interrupt.signal,
    });
    setTimeout(() => interrupt.abort(), 20);
    await expect(trying).rejects.toThrow('aborted');
  });
});
