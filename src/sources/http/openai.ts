/** OpenAI's two ways to continue a text: `/completions` and `/chat/completions`. */

import { z } from 'zod';
import type { StopReason } from '../../core/domain.ts';
import type { JsonValue } from '../../core/json.ts';
import { openHttpClient } from './client.ts';
import type { Api, Endpoint } from './endpoint.ts';
import { inOrderOfFinish } from './in-order-of-finish.ts';

/**
 * Further keys of the request's body. `null` takes a key out: `{temperature: null}` for servers that refuse
 * it.
 */
export type ExtraBody = Readonly<Record<string, JsonValue>>;

export interface CompletionSettings {
  readonly maxNewTokens: number;
  readonly extraBody?: ExtraBody | undefined;
}

export interface Completion {
  /** What the model generated, without the prompt. */
  readonly text: string;
  readonly stopReason: StopReason;
  /** 0 if the server does not count. */
  readonly promptTokens: number;
  /** 0 if the server does not count. */
  readonly generatedTokens: number;
  /** Of the try that succeeded. */
  readonly durationMs: number;
}

/**
 * Keys that belong to the request itself: `echo` would put the prompt before the text, `stream` changes the
 * answer's form.
 */
const OWN_KEYS = ['model', 'prompt', 'messages', 'stream', 'echo', 'suffix'];

export const extraBodySchema = z
  .record(z.string(), z.json())
  .refine((body) => !OWN_KEYS.some((key) => key in body), `keys other than ${OWN_KEYS.join(', ')}`);

export type Asked<Tag> = { readonly tag: Tag } & (Completion | { readonly error: string });

/** A prompt for a model of the server. */
export interface ServerPrompt<Tag> {
  readonly tag: Tag;
  readonly model: string;
  readonly text: string;
}

/**
 * Completes prompts at a server, in any order. A prompt without an answer comes back with a reason.
 * @throws InputError where the server refuses all of them; the signal's reason when it is aborted
 */
export async function* completeAll<Tag>(
  endpoint: Endpoint,
  prompts: readonly ServerPrompt<Tag>[],
  settings: CompletionSettings,
  signal?: AbortSignal,
): AsyncGenerator<Asked<Tag>> {
  // Without prompts there is no need for a key.
  if (prompts.length === 0) return;
  const client = openHttpClient(endpoint);
  const stop = new AbortController();
  const stopped = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal;
  const ask = async ({ tag, model, text }: ServerPrompt<Tag>): Promise<Asked<Tag>> => {
    const { path, schema } = FORMS[endpoint.api];
    const body = completionBody(endpoint.api, model, text, settings);
    const tried = await client.post(path, body, schema, stopped);
    if ('error' in tried) return { tag, error: tried.error };
    return { tag, ...tried.value.body, durationMs: tried.value.durationMs };
  };
  try {
    yield* inOrderOfFinish(prompts.map(ask));
  } finally {
    stop.abort();
  }
}

/** The prompt goes in as it is: the whole text to be continued, or the one message of a user. */
export function completionBody(
  api: Api,
  model: string,
  prompt: string,
  { maxNewTokens, extraBody = {} }: CompletionSettings,
): Record<string, JsonValue> {
  const asked = api === 'chat' ? { messages: [{ role: 'user', content: prompt }] } : { prompt };
  const body = { model, ...asked, max_tokens: maxNewTokens, temperature: 0, ...extraBody };
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null));
}

/** What is part of the content key of an answer; concurrency, time-outs and tries are not. */
export function decodingOf(settings: CompletionSettings) {
  const { maxNewTokens, extraBody } = settings;
  return { strategy: 'http', maxNewTokens, temperature: 0, ...(extraBody ? { extraBody } : {}) };
}

/**
 * Servers name more reasons than OpenAI does. Missing or null counts as the end, for servers that name none.
 * A filtered, aborted or tool-calling answer has no place here: it is no answer.
 */
const STOP_REASONS: ReadonlyMap<string, StopReason> = new Map([
  ['stop', 'eos'],
  ['eos_token', 'eos'],
  ['stop_sequence', 'stop-text'],
  ['length', 'token-limit'],
]);

const finishReason = z
  .string()
  .nullish()
  .transform((reason, context): StopReason => {
    const stopReason = STOP_REASONS.get(reason ?? 'stop');
    if (stopReason) return stopReason;
    context.addIssue(`finish_reason ${JSON.stringify(reason)?.slice(0, 40)} is no end of an answer`);
    return z.NEVER;
  });

const count = z.int().nonnegative().nullish().catch(null);
const usage = z.looseObject({ prompt_tokens: count, completion_tokens: count }).nullish().catch(null);

/** The first choice is the best one where a server returns all beams. */
function formOf(choice: z.ZodType<{ text: string; finish_reason: StopReason }>) {
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
    schema: formOf(
      z
        .object({ message: z.object({ content: z.string().nullish() }), finish_reason: finishReason })
        .transform(({ message, finish_reason }) => ({ text: message.content ?? '', finish_reason })),
    ),
  },
} as const;
