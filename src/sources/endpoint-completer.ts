import { orderedKey } from '../core/content-key.ts';
import type { Completer } from '../judge/completer.ts';
import { type Endpoint, endpointIdentity } from './http/endpoint.ts';
import { completeAll, decodingOf, type ExtraBody } from './http/openai.ts';

export interface EndpointCompleterOptions {
  readonly label: string;
  readonly endpoint: Endpoint;
  /** The model's name at the server. */
  readonly model: string;
  readonly maxNewTokens: number;
  readonly maxPromptCharacters?: number | undefined;
  /** Further keys of the request, such as vLLM's `{use_beam_search: true, n: 4, repetition_penalty: 1.2}`. */
  readonly extraBody?: ExtraBody | undefined;
}

/** A model behind an OpenAI-compatible server. Nothing is sent before the first prompt. */
export function openEndpointCompleter(options: EndpointCompleterOptions): Completer {
  const { label, endpoint, model, maxPromptCharacters, maxNewTokens, extraBody } = options;
  return {
    label,
    model: { name: model, parameters: null, source: `server ${endpoint.baseUrl}` },
    key: orderedKey({ kind: 'http judge', ...endpointIdentity(endpoint, model) }),
    decoding: decodingOf(options),
    settings: { source: 'endpoint', api: endpoint.api, maxNewTokens, extraBody },
    maxPromptCharacters,
    async *complete(prompts, signal) {
      const requests = Array.from(prompts, ({ tag, text }) => ({ tag, text, model }));
      yield* completeAll(endpoint, requests, { maxNewTokens, extraBody }, signal);
    },
    close: async () => {},
  };
}
