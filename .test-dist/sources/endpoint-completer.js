import { sha256 } from '../core/sha256.js';
import { endpointIdentity } from './http/endpoint.js';
import { completeAll, decodingOf } from './http/openai.js';
/** A model behind an OpenAI-compatible server. Nothing is sent before the first prompt. */
export function openEndpointCompleter(options) {
    const { label, endpoint, model, maxPromptCharacters, maxNewTokens, extraBody } = options;
    return {
        label,
        key: sha256(JSON.stringify({ kind: 'http judge', ...endpointIdentity(endpoint, model) })),
        decoding: decodingOf(options),
        settings: { source: 'endpoint', api: endpoint.api, maxNewTokens, extraBody },
        maxPromptCharacters,
        async *complete(prompts, signal) {
            const requests = Array.from(prompts, ({ tag, text }) => ({ tag, text, model }));
            yield* completeAll(endpoint, requests, { maxNewTokens, extraBody }, signal);
        },
        close: async () => { },
    };
}
