/** OpenAI's two ways to have a text continued: `/completions` and `/chat/completions`. */
import { z } from 'zod';
import { openHttpClient } from './client.js';
import { inOrderOfFinish } from './in-order-of-finish.js';
/** Keys that say what is asked, not how: `echo` would put the prompt before the answer, `stream` changes its form. */
const OWN_KEYS = ['model', 'prompt', 'messages', 'stream', 'echo', 'suffix'];
export const extraBodySchema = z
    .record(z.string(), z.json())
    .refine((body) => !OWN_KEYS.some((key) => key in body), `keys other than ${OWN_KEYS.join(', ')}`);
/**
 * Has a server continue texts, in any order. A text that got no answer comes back with a reason.
 * @throws InputError where the server refuses all of them; the signal's reason when it is aborted
 */
export async function* completeAll(endpoint, prompts, settings, signal) {
    // Nothing to ask needs no key.
    if (prompts.length === 0)
        return;
    const client = openHttpClient(endpoint);
    const stop = new AbortController();
    const stopped = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal;
    const ask = async ({ tag, model, text }) => {
        const { path, schema } = FORMS[endpoint.api];
        const body = completionBody(endpoint.api, model, text, settings);
        const tried = await client.post(path, body, schema, stopped);
        if ('error' in tried)
            return { tag, error: tried.error };
        return { tag, ...tried.value.body, durationMs: tried.value.durationMs };
    };
    try {
        yield* inOrderOfFinish(prompts.map(ask));
    }
    finally {
        stop.abort();
    }
}
/** The prompt goes in as it is: the whole text to be continued, or the one message of a user. */
export function completionBody(api, model, prompt, { maxNewTokens, extraBody = {} }) {
    const asked = api === 'chat' ? { messages: [{ role: 'user', content: prompt }] } : { prompt };
    const body = { model, ...asked, max_tokens: maxNewTokens, temperature: 0, ...extraBody };
    return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null));
}
/** What is part of the content key of an answer; concurrency, time-outs and tries are not. */
export function decodingOf(settings) {
    const { maxNewTokens, extraBody } = settings;
    return { strategy: 'http', maxNewTokens, temperature: 0, ...(extraBody ? { extraBody } : {}) };
}
/**
 * Servers name more reasons than OpenAI does. Missing or null counts as the end, for servers that do not say.
 * A filtered, aborted or tool-calling answer has no place here: it is no answer.
 */
const STOP_REASONS = new Map([
    ['stop', 'eos'],
    ['eos_token', 'eos'],
    ['stop_sequence', 'stop-text'],
    ['length', 'token-limit'],
]);
const finishReason = z
    .string()
    .nullish()
    .transform((reason, context) => {
    const stopReason = STOP_REASONS.get(reason ?? 'stop');
    if (stopReason)
        return stopReason;
    context.addIssue(`finish_reason ${JSON.stringify(reason)?.slice(0, 40)} is no end of an answer`);
    return z.NEVER;
});
const count = z.int().nonnegative().nullish().catch(null);
const usage = z.looseObject({ prompt_tokens: count, completion_tokens: count }).nullish().catch(null);
/** The first choice is the best one where a server returns all beams. */
function formOf(choice) {
    return z.looseObject({ choices: z.tuple([choice]).rest(z.unknown()), usage }).transform((answer) => ({
        text: answer.choices[0].text,
        stopReason: answer.choices[0].finish_reason,
        promptTokens: answer.usage?.prompt_tokens ?? 0,
        generatedTokens: answer.usage?.completion_tokens ?? 0,
    }));
}
const FORMS = {
    completions: {
        path: '/completions',
        schema: formOf(z.object({ text: z.string(), finish_reason: finishReason })),
    },
    chat: {
        path: '/chat/completions',
        schema: formOf(z
            .object({ message: z.object({ content: z.string().nullish() }), finish_reason: finishReason })
            .transform(({ message, finish_reason }) => ({ text: message.content ?? '', finish_reason }))),
    },
};
