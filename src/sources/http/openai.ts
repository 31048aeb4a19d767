/** OpenAI's two ways to continue a text: `/completions` and `/chat/completions`. */

import { z } from 'zod';
import type { Known } from '../../core/domain.ts';
import type { JsonValue } from '../../core/json.ts';
import { FORMS, type ServerAnswer } from './answer-forms.ts';
import type { Api, Endpoint } from './endpoint.ts';
import { postAll } from './post-all.ts';
import type { FailedRequest } from './retry.ts';

/**
 * Further keys of the request's body. `null` takes a key out: `{temperature: null}` for servers that refuse
 * it.
 */
export type ExtraBody = Readonly<Record<string, JsonValue>>;

export interface CompletionSettings {
  readonly maxNewTokens: number;
  /** Default: 1, none. */
  readonly repetitionPenalty?: number | undefined;
  readonly extraBody?: ExtraBody | undefined;
}

/** An answer with the wall time of the try that succeeded, or a state without one. */
export type Completion = ServerAnswer & Pick<Known, 'durationMs'>;

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
  const posts = prompts.map(({ tag, model, text }) => ({
    tag,
    body: completionBody(endpoint.api, model, text, settings),
  }));
  for await (const { tag, tried } of postAll(endpoint, FORMS[endpoint.api], posts, signal)) {
    if ('error' in tried) yield { tag, ...withoutAnswer(tried) };
    else yield { tag, ...tried.value.body, durationMs: tried.value.durationMs };
  }
}

/** The prompt goes in as it is: the whole text to be continued, or the one message of a user. */
export function completionBody(
  api: Api,
  model: string,
  prompt: string,
  { maxNewTokens, repetitionPenalty, extraBody = {} }: CompletionSettings,
): Record<string, JsonValue> {
  const asked = api === 'chat' ? { messages: [{ role: 'user', content: prompt }] } : { prompt };
  const body = {
    model,
    ...asked,
    max_tokens: maxNewTokens,
    temperature: 0,
    ...penalised(repetitionPenalty),
    ...extraBody,
  };
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null));
}

/** What is part of the content key of an answer; concurrency, time-outs and tries are not. */
export function decodingOf(settings: CompletionSettings) {
  const { maxNewTokens, repetitionPenalty, extraBody } = settings;
  const asked = { maxNewTokens, temperature: 0, ...penalised(repetitionPenalty) };
  return { strategy: 'http', ...asked, ...(extraBody ? { extraBody } : {}) };
}

/** The key of vLLM, SGLang and TGI; none where there is no penalty. */
function penalised(repetitionPenalty = 1) {
  return repetitionPenalty === 1 ? {} : { repetition_penalty: repetitionPenalty };
}

/** A refusal of the server can be a state of the answer: its words stay. */
export function withoutAnswer({ error, state }: FailedRequest): Completion | { readonly error: string } {
  if (state === undefined) return { error };
  const nothing = { stopReason: null, finishReason: null, promptTokens: null, generatedTokens: null };
  return { state, text: null, aside: error, ...nothing, durationMs: null };
}
