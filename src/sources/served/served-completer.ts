import type { BeamRule } from '../../core/decoding/answer-decoding.ts';
import type { Completer } from '../../judge/completer.ts';
import { BEAMS, DEFAULT_BEAM_RULE, settingsOf } from '../../judge/local-completer.ts';
import { askServed, type Served } from './ask-served.ts';
import { decodingBody, responseIn } from './served-decoding.ts';
import { servedKey } from './served-model.ts';
import { COMPLETION, type ListedModel } from './server-api.ts';

export interface ServedCompleterOptions {
  readonly label: string;
  readonly decoding: 'beams' | 'greedy';
  readonly beamRule: BeamRule;
  readonly maxNewTokens: number;
  readonly maxPromptCharacters?: number | undefined;
}

/** The full depth of a served model as a completer, decoded as a model folder is. */
export function openServedCompleter(served: Served, options: ServedCompleterOptions): Completer {
  const { label, maxPromptCharacters } = options;
  const { root, layers } = served.listed;
  const request = { model: `${root}@${layers}`, ...bodyOf(options), return_token_ids: true };
  return {
    label,
    model: judgeModel(served.listed),
    key: servedKey(served.listed, layers),
    decoding: decodingOf(options),
    settings: settingsOf(options),
    maxPromptCharacters,
    async *complete(prompts, signal) {
      const posts = Array.from(prompts, ({ tag, text }) => ({ tag, body: { ...request, prompt: text } }));
      for await (const { tag, ...reply } of askServed(served, COMPLETION, posts, signal)) {
        if ('error' in reply) yield { tag, error: reply.error };
        else yield { tag, ...responseIn(reply.body, reply.durationMs) };
      }
    },
    close: async () => {},
  };
}

function bodyOf({ decoding, beamRule: rule, maxNewTokens }: ServedCompleterOptions) {
  return { max_tokens: maxNewTokens, ...decodingBody(decoding === 'beams' ? { ...BEAMS, rule } : undefined) };
}

/** What changes the texts; part of the keys of stored judgements. */
function decodingOf({
  decoding: strategy,
  maxNewTokens,
  beamRule = DEFAULT_BEAM_RULE,
}: ServedCompleterOptions) {
  const shared = { strategy, maxNewTokens };
  return strategy === 'beams' ? { ...shared, ...BEAMS, beamRule } : shared;
}

function judgeModel({ root, parameters, layers, precision, engine }: ListedModel) {
  const { body, embedding, head } = parameters;
  return {
    name: root,
    parameters: body + embedding + head,
    source: `served: ${layers} layers at ${precision}, ${engine}`,
  };
}
