/** What becomes of a try that failed, and how long to wait before the next one. Pure but for `withRetries`' waiting. */
import { setTimeout as sleep } from 'node:timers/promises';
export const LONGEST_PAUSE_MS = 30_000;
/** A server that asks for more is not waited for: what it lacks is missing until the next call of the command. */
export const LONGEST_RETRY_AFTER_MS = 300_000;
/**
 * Tries until there is an answer, a refusal, or no try left.
 * @throws the signal's reason when it is aborted
 */
export async function withRetries(attempt, settings) {
    const { maxTries, signal, refuseTry = () => undefined } = settings;
    signal.throwIfAborted();
    let reason;
    for (let tries = 1;; tries++) {
        const notTried = refuseTry();
        if (notTried !== undefined)
            return { error: reason ?? `not tried: ${notTried}`, refused: false };
        const result = await attempt();
        if (result.kind === 'answered')
            return { value: result.value };
        reason = result.reason;
        if (result.kind === 'refused')
            return { error: reason, refused: true };
        const pauseMs = pauseBefore(tries, result, settings);
        if (tries >= maxTries || pauseMs > LONGEST_RETRY_AFTER_MS)
            return { error: reason, refused: false };
        await pause(pauseMs, signal);
    }
}
/**
 * Full jitter: anything from 0 to a bound that doubles with every try, so that requests which failed together do not
 * come back together. Never shorter than what the server asked for.
 */
export function pauseBefore(tries, { retryAfterMs = 0 }, { backoffMs, random = Math.random }) {
    const bound = Math.min(LONGEST_PAUSE_MS, backoffMs * 2 ** (tries - 1));
    return Math.max(retryAfterMs, random() * bound);
}
/** The header in either of its forms, seconds or an HTTP date; undefined where it is neither. */
export function parseRetryAfter(header, nowMs = Date.now()) {
    if (header === null)
        return undefined;
    const text = header.trim();
    // OpenAI and others also send fractions of a second.
    if (/^\d+(\.\d+)?$/.test(text))
        return Number(text) * 1000;
    // Date.parse would also take a lone number or word for a date.
    if (!/^[A-Za-z]{3,9},? .*\d{2}:\d{2}:\d{2}/.test(text))
        return undefined;
    const at = Date.parse(text);
    return Number.isNaN(at) ? undefined : Math.max(0, at - nowMs);
}
/** Which statuses may be better next time: overload, time-outs, conflicts of the moment, and the server's own errors. */
export function isWorthRetrying(status) {
    // 501 and 505 say that the server cannot do it at all.
    if (status >= 500)
        return status !== 501 && status !== 505;
    return status === 408 || status === 409 || status === 425 || status === 429;
}
async function pause(ms, signal) {
    try {
        await sleep(ms, undefined, { signal });
    }
    catch (error) {
        signal.throwIfAborted();
        throw error;
    }
}
