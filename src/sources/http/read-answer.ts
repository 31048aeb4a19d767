/** What an answer of a server means for its request: it is read, or says why there is none. */

import type { z } from 'zod';
import type { ResponseState } from '../../core/domain.ts';
import { InputError } from '../../core/errors.ts';
import { REDACTED, redact, redactValue } from '../../core/runtime/redact.ts';
import { wellFormedValue } from '../../core/text/well-formed.ts';
import { describeValue } from '../../data/read-records.ts';
import { checkValue } from '../../data/schema/check-value.ts';
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
 * The body of an answer that the server calls a success. Some servers send errors so, too.
 * @param startedAt of the request, by `performance.now()`
 * @throws InputError `bad-config` for such an error that every request to the same place would get
 */
export function readAnswer<S extends z.ZodType>(
  sent: Sent,
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
  const checked = checkValue(schema, value, describeValue);
  // An error stands also beside what came before it.
  const error = errorIn(value);
  if (error) {
    const reason = `an error in an answer of status 200${detailOf(error.words, sent.apiKey)}`;
    return failure(sent, { status: error.status, reason, text: JSON.stringify(value) });
  }
  if (checked.problem === undefined) {
    const durationMs = performance.now() - startedAt;
    return { kind: 'answered', value: { body: checked.data, durationMs } };
  }
  const { path, expected, found } = checked.problem;
  return again(`an answer of another form: ${path.join('.') || 'it'}: expected ${expected}, found ${found}`);
}

interface Sent {
  readonly url: string;
  readonly apiKey: string | undefined;
}

/**
 * What an answer of another status means.
 * @throws InputError `bad-config` where every request to the same place would end so
 */
export function failureOf(sent: Sent, { status, headers }: Response, body: Uint8Array): FailedTry {
  const text = new TextDecoder().decode(body);
  const reason = `HTTP ${status}${detailOf(messageIn(text) ?? text, sent.apiKey)}`;
  const failed = failure(sent, { status, reason, text });
  const retryAfterMs = parseRetryAfter(headers.get('retry-after'));
  return { ...failed, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
}

interface ServerError {
  readonly status: number;
  readonly reason: string;
  /** The whole body. */
  readonly text: string;
}

function failure({ url }: Sent, { status, reason, text }: ServerError): FailedTry {
  const state = stateIn(status, text);
  if (state) return { kind: 'refused', reason, state };
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
  return isWorthRetrying(status) ? again(reason) : { kind: 'refused', reason };
}

/** Statuses with which servers say that a prompt is too long or was filtered; the same request would end so again. */
const OF_THE_PROMPT = [400, 413, 422, 500];
/** vLLM, SGLang, llama.cpp, TGI, OpenAI and others, each in its way. */
const TOO_LONG =
  /\bcontext[ _](length|size|window)\b|prompt is too long|`inputs` (tokens|must have less)|exceed_context/i;
/** Azure's; a proxy that filters the web says other things. */
const FILTERED = /"code":\s*"content_filter"|content management policy/i;

function stateIn(status: number, text: string): ResponseState | undefined {
  if (!OF_THE_PROMPT.includes(status)) return undefined;
  if (TOO_LONG.test(text)) return 'prompt_too_long';
  return FILTERED.test(text) ? 'refused' : undefined;
}

/** The server's own words, short; some servers put the key that they refuse into them. */
function detailOf(text: string, apiKey: string | undefined): string {
  const words = redact(text);
  const safe = apiKey === undefined ? words : words.replaceAll(apiKey, REDACTED);
  const line = safe
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .replace(/\.$/, '');
  if (line === '') return '';
  return `: ${line.length > 160 ? `${line.slice(0, 160).toWellFormed()}…` : line}`;
}

/** An error in the place of an answer, or beside one, with the status that it would have had. */
function errorIn(value: unknown): { readonly status: number; readonly words: string } | undefined {
  const { object, code, choices, ...fields } = fieldsOf(value);
  const first = Array.isArray(choices) ? fieldsOf(choices[0])['error'] : undefined;
  const error = [fields['error'], first].find(isSaid);
  if (error === undefined && object !== 'error') return undefined;
  const own = fieldsOf(error ?? value);
  const status = [own['code'], code].map(Number).find((one) => one >= 400 && one < 600);
  const isFinal = /invalid|not_?found/i.test(String(own['type']));
  const words = wordsIn({ ...fields, error }) ?? JSON.stringify(error ?? value);
  return { status: status ?? (isFinal ? 400 : 500), words };
}

function isSaid(error: unknown): boolean {
  return typeof error === 'object' ? Object.keys(fieldsOf(error)).length > 0 : Boolean(error);
}

function messageIn(text: string): string | undefined {
  try {
    return wordsIn(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** `{"error": {"message": …}}`, `{"error": …}`, `{"message": …}`, `{"detail": …}` or `{"detail": [{"msg": …}]}`. */
function wordsIn(value: unknown): string | undefined {
  const { error, message, detail } = fieldsOf(value);
  const inError = fieldsOf(error)['message'];
  const inDetail = Array.isArray(detail) ? fieldsOf(detail[0])['msg'] : undefined;
  return [inError, error, message, inDetail, detail].find((words) => typeof words === 'string');
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

/** A failed try that another one may follow. */
export function again(reason: string) {
  return { kind: 'again', reason } as const;
}
