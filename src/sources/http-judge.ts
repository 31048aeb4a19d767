import { sha256 } from '../core/sha256.ts';
import type { Judge, JudgePrompt, JudgeReply } from '../judge/judge.ts';
import { type Endpoint, endpointIdentity } from './http/endpoint.ts';
import { completeAll, decodingOf, type ExtraBody } from './http/openai.ts';

export interface HttpJudgeOptions {
  readonly label: string;
  readonly endpoint: Endpoint;
  /** As the server calls it. */
  readonly model: string;
  readonly maxNewTokens: number;
  readonly maxPromptCharacters?: number | undefined;
  /** Further keys of the request, such as vLLM's `{use_beam_search: true, n: 4, repetition_penalty: 1.2}`. */
  readonly extraBody?: ExtraBody | undefined;
}

/** A judge behind an OpenAI-compatible server. Nothing is sent before it is asked. */
export function openHttpJudge(options: HttpJudgeOptions): Judge {
  const { label, endpoint, model, maxPromptCharacters } = options;
  return {
    label,
    key: sha256(JSON.stringify({ kind: 'http judge', ...endpointIdentity(endpoint, model) })),
    decoding: decodingOf(options),
    deviations: deviationsOf(options),
    maxPromptCharacters,
    ask: (prompts, signal) => ask(options, prompts, signal),
    close: async () => {},
  };
}

function deviationsOf({ endpoint, extraBody }: HttpJudgeOptions): string[] {
  const settings = extraBody ? ` with ${JSON.stringify(extraBody)}` : '';
  return [
    `decoded by a server at temperature 0${settings}; PandaLM has 4 beams with repetition penalty 1.2`,
    ...(endpoint.api === 'chat'
      ? ["sent as a chat message: the server's template stands around the prompt"]
      : []),
  ];
}

async function* ask<Tag>(
  { endpoint, model, ...settings }: HttpJudgeOptions,
  prompts: Iterable<JudgePrompt<Tag>>,
  signal?: AbortSignal,
): AsyncGenerator<JudgeReply<Tag>> {
  const asked = Array.from(prompts, (prompt) => ({ tag: prompt.tag, text: prompt.text, model }));
  for await (const reply of completeAll(endpoint, asked, settings, signal)) {
    if ('error' in reply) yield reply;
    else {
      const { text, ...rest } = reply;
      yield { ...rest, rawText: text };
    }
  }
}
