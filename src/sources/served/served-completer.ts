import type { BeamRule } from '../../core/decoding/answer-decoding.ts';
import type { Completer, CompleterPrompt } from '../../judge/completer.ts';
import { BEAMS, DEFAULT_BEAM_RULE, settingsOf } from '../../judge/local-completer.ts';
import type { LocalDecoding } from '../../judge/protocols/completer-settings.ts';
import { askServed, type Served } from './ask-served.ts';
import { decodingBody, responseIn } from './served-decoding.ts';
import { servedKey } from './served-model.ts';
import { COMPLETION, type ListedModel } from './server-api.ts';

export interface ServedCompleterOptions {
  readonly label: string;
  readonly decoding: LocalDecoding;
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
      const posts = Array.from(prompts, (prompt) => ({
        tag: prompt.tag,
        body: { ...request, ...promptBody(prompt, maxPromptCharacters) },
      }));
      for await (const { tag, ...reply } of askServed(served, COMPLETION, posts, signal)) {
        if (!('error' in reply)) yield { tag, ...completionIn(served.listed, reply) };
        else if (reply.state === 'prompt_too_long' && maxPromptCharacters === undefined)
          yield { tag, state: reply.state, text: null };
        else yield { tag, error: reply.error };
      }
    },
    close: async () => {},
  };
}

/** The server shortens a prompt by its tokens, unless it was shortened by characters before it is sent. */
function promptBody(
  { text, parts }: Pick<CompleterPrompt<unknown>, 'text' | 'parts'>,
  maxPromptCharacters: number | undefined,
) {
  if (!parts || maxPromptCharacters !== undefined) return { prompt: text };
  const { fixed, shortenable, removed = [] } = parts;
  if (removed instanceof RegExp)
    throw new TypeError('A pattern cannot be sent: name the texts to be removed.');
  return { prompt_parts: { fixed, shortenable, removed } };
}

function completionIn(listed: ListedModel, reply: Parameters<typeof responseIn>[1]) {
  const { truncated_tokens: truncatedTokens } = reply.body.choices[0];
  return { ...responseIn(listed, reply), ...(truncatedTokens && { truncatedTokens }) };
}

function bodyOf({ decoding, beamRule: rule, maxNewTokens }: ServedCompleterOptions) {
  return {
    max_tokens: maxNewTokens,
    ...decodingBody(decoding === 'beams' ? { ...BEAMS, rule } : undefined),
    ...(decoding === 'verdict-only' && { stop_after_first_line: true }),
  };
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
