/** The only file that touches the network. */
import { setMaxListeners } from 'node:events';
import pLimit from 'p-limit';
import { InputError } from '../../core/errors.js';
import { readApiKey } from './api-key.js';
import { isWorthRetrying, parseRetryAfter, withRetries } from './retry.js';
/** So many requests in a row that used up their tries: the server is down, and the others are not even asked. */
export const FAILURES_OF_A_DEAD_SERVER = 10;
/** Statuses that no other request to the same place would escape. */
const REFUSALS = {
    401: 'Name the environment variable that holds the right key: apiKeyEnv.',
    403: 'Use a key that is allowed to do this.',
    404: 'Check that baseUrl ends as the server has it (often in /v1), that it has this api, and the model’s name.',
    405: 'Check baseUrl, and whether the server has this api.',
};
/** @throws InputError where the environment variable of the key is not usable */
export function openHttpClient(endpoint) {
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
/** Tries of all requests together, and failures in a row. */
function openTally({ maxTotalTries = Number.POSITIVE_INFINITY }) {
    let tries = 0;
    let failuresInARow = 0;
    return {
        refuseTry: () => {
            if (failuresInARow >= FAILURES_OF_A_DEAD_SERVER)
                return 'the server did not answer any more';
            if (tries >= maxTotalTries)
                return 'the limit of all tries is used up';
            tries++;
            return undefined;
        },
        /** A refusal is an answer of a living server. */
        count: (tried) => {
            failuresInARow = 'value' in tried || tried.refused ? 0 : failuresInARow + 1;
        },
    };
}
async function tryOnce(request, schema) {
    const { signal, endpoint } = request;
    const startedAt = performance.now();
    const timeout = AbortSignal.timeout(endpoint.timeoutSeconds * 1000);
    try {
        const response = await send(request, AbortSignal.any([signal, timeout]));
        // Read whatever the status says, so that the connection can be used again.
        const bytes = await response.arrayBuffer();
        if (!response.ok)
            return failureOf(request, response, new TextDecoder().decode(bytes));
        return readAnswer(bytes, schema, startedAt);
    }
    catch (error) {
        if (error instanceof InputError)
            throw error;
        signal.throwIfAborted();
        if (timeout.aborted)
            return again(`no answer within ${endpoint.timeoutSeconds} s`);
        return again(`connection failed: ${networkCode(error)}`);
    }
}
function send({ url, body, apiKey }, signal) {
    const headers = {
        'content-type': 'application/json',
        ...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }),
    };
    // A redirect is told, not followed: it could lead anywhere.
    return fetch(url, { method: 'POST', headers, body, signal, redirect: 'manual' });
}
function readAnswer(bytes, schema, startedAt) {
    let value;
    try {
        value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    }
    catch {
        return again('an answer that is not JSON');
    }
    const checked = schema.safeParse(value);
    if (checked.success) {
        const durationMs = performance.now() - startedAt;
        return { kind: 'answered', value: { body: checked.data, durationMs } };
    }
    const { path, message } = checked.error.issues[0];
    return again(`an answer of another form: ${path.join('.') || 'it'}: ${message}`);
}
function failureOf(request, { status, headers }, text) {
    const reason = `HTTP ${status}${detailOf(text, request.apiKey)}`;
    const fix = REFUSALS[status] ?? (status >= 300 && status < 400 ? 'Put the address it leads to into baseUrl.' : '');
    if (fix !== '') {
        throw new InputError({
            code: 'bad-config',
            where: request.url,
            expected: 'an answer',
            found: reason,
            fix,
        });
    }
    if (!isWorthRetrying(status))
        return { kind: 'refused', reason };
    const retryAfterMs = parseRetryAfter(headers.get('retry-after'));
    return { ...again(reason), ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
}
/** The server's own words, short; some servers put the key that they refuse into them. */
function detailOf(text, apiKey) {
    const words = messageIn(text) ?? text;
    const safe = apiKey === undefined ? words : words.replaceAll(apiKey, '[API key]');
    const line = safe
        .replace(/[\s\p{Cc}]+/gu, ' ')
        .trim()
        .replace(/\.$/, '');
    if (line === '')
        return '';
    return `: ${line.length > 160 ? `${line.slice(0, 160)}…` : line}`;
}
/** `{"error": {"message": …}}`, `{"error": …}`, `{"message": …}` or `{"detail": …}`. */
function messageIn(text) {
    try {
        const { error, message, detail } = JSON.parse(text);
        return [error?.message, error, message, detail].find((word) => typeof word === 'string');
    }
    catch {
        return undefined;
    }
}
function again(reason) {
    return { kind: 'again', reason };
}
/** `ECONNRESET` and the like; the message of a failed fetch can hold what was sent. */
function networkCode(error) {
    const { code, cause } = error;
    return String(cause?.code ?? (typeof code === 'string' ? code : 'unknown reason'));
}
function urlOf({ baseUrl }, path) {
    return `${baseUrl.replace(/\/+$/, '')}${path}`;
}
