import { join } from 'node:path';
import { type ServedApi, type ServeOptions, serveModels } from '../../src/server/api/serve-models.ts';

const NANO = join(import.meta.dirname, '..', '..', 'eval-data', 'nano', 'models');

/** A checkpoint of the nano run. */
export const nanoCheckpoint = (name: string) => join(NANO, name);

/** Serves model folders at a free port, with limits that no test meets by chance. */
export function serve(folders: readonly string[], options: Partial<ServeOptions> = {}): Promise<ServedApi> {
  return serveModels({
    folders,
    dynamic: [],
    host: '127.0.0.1',
    port: 0,
    memoryMB: 64,
    workers: 1,
    key: undefined,
    maxBodyBytes: 1_000_000,
    maxPromptTokens: Number.POSITIVE_INFINITY,
    maxWaiting: 1000,
    maxWaitSeconds: 60,
    signal: new AbortController().signal,
    onError: (error) => {
      throw error;
    },
    ...options,
  });
}

/** What the tests read of an answer. */
export interface Answer {
  readonly choices: {
    readonly text: string;
    readonly token_ids?: number[];
    readonly prompt_token_ids?: number[];
    readonly token_exits?: number[];
    readonly drafts?: { readonly drafted: number; readonly accepted: number };
    readonly finish_reason: string;
    readonly stop_reason: string;
    readonly logprobs: {
      readonly tokens: string[];
      readonly token_logprobs: (number | null)[];
      readonly top_logprobs: (Record<string, number> | null)[];
      readonly text_offset: number[];
    } | null;
    readonly message?: { readonly content: string };
  }[];
  readonly usage: {
    readonly prompt_tokens: number;
    readonly completion_tokens: number;
    readonly prompt_tokens_details: { readonly cached_tokens: number };
  };
  readonly error?: { readonly message: string; readonly code: string; readonly type: string };
}

export function post(url: string, path: string, body: unknown, init: RequestInit = {}): Promise<Response> {
  const headers = { 'content-type': 'application/json', ...init.headers };
  return fetch(`${url}${path}`, { method: 'POST', body: JSON.stringify(body), ...init, headers });
}

export async function complete(url: string, body: object): Promise<Answer> {
  return (await post(url, '/v1/completions', body)).json() as Promise<Answer>;
}

/** Events of a stream, without `[DONE]`, with which it must end. */
export async function events<Event>(response: Response): Promise<Event[]> {
  const lines = (await response.text()).split('\n\n').filter((line) => line !== '');
  if (lines.pop() !== 'data: [DONE]') throw new Error('a stream without its end');
  return lines.map((line) => JSON.parse(line.slice('data: '.length)));
}
