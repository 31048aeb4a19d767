/** Models and judges behind OpenAI-compatible servers. Nothing is sent before the first prompt. */

import { z } from 'zod';
import { orderedKey } from '../core/content-key.ts';
import type { AnswerDecodingOptions } from '../core/decoding/answer-decoding.ts';
import type { Instruction } from '../core/domain.ts';
import type { JsonValue } from '../core/json.ts';
import { withoutLaterDefaults } from '../data/schema/later-defaults.ts';
import { protocolNamed } from '../judge/protocols/protocols.ts';
import { refuseDecoding } from './decoding/answer-keys.ts';
import { openEndpointCompleter } from './endpoint-completer.ts';
import { readApiKey } from './http/api-key.ts';
import { type Endpoint, endpointIdentity, endpointSchema } from './http/endpoint.ts';
import { completeAll, decodingOf, type ExtraBody, extraBodySchema } from './http/openai.ts';
import type { JudgeSource } from './judge-source.ts';
import { factKeys, modelFacts } from './model-facts.ts';
import type {
  GenerationReply,
  GenerationRequest,
  ModelSource,
  RespondSettings,
  SweepModel,
} from './model-source.ts';
import { formSettings, keyInForm, promptInFolder, promptKeys, promptSetting } from './prompt-setting.ts';
import { byExit, count, judgeTokens, label, name, protocol, strip } from './schema-parts.ts';

const extraBody = extraBodySchema
  .optional()
  .describe(
    'Further keys of each request, such as vLLM’s `{use_beam_search: true, n: 4, repetition_penalty: 1.2}`; `null` removes a key.',
  );

const place = z.strictObject({
  model: name.describe('The model’s name at the server.'),
  baseUrl: endpointSchema.shape.baseUrl.optional().describe('Address of the server, if it is another one.'),
});

const modelKeys = z.strictObject({
  endpoint: endpointSchema.describe(
    'A server that has each sub-model as a model of its own: the checkpoint cut to that many layers.',
  ),
  label,
  exits: byExit(
    z.union([name, place], { error: 'the model’s name at the server, or {model, baseUrl}' }),
  ).describe(
    'The model’s name at the server for each exit (a number of layers), or `{model, baseUrl}` where another server has it.',
  ),
  extraBody,
  ...factKeys,
  ...promptKeys,
});
type EndpointModelConfig = z.output<typeof modelKeys>;

/** Of every model in existing results files; see `withoutLaterDefaults`. */
const FIRST_KEYS: ReadonlySet<string> = new Set([
  ...['endpoint', 'endpoint.baseUrl', 'endpoint.api'],
  ...['label', 'exits', 'extraBody'],
]);

const judgeKeys = z.strictObject({
  endpoint: endpointSchema.describe('The server that has the judge.'),
  model: name.describe('The judge’s name at the server.'),
  label,
  protocol,
  maxNewTokens: judgeTokens,
  maxPromptCharacters: count
    .optional()
    .describe(
      'Characters of a prompt at most, for a server whose context is too short for the longest responses: longer prompts lose the ends of their responses. Default: no limit.',
    ),
  extraBody,
  strip,
});

const judgeSchema = judgeKeys.transform(({ maxNewTokens, ...judge }) => ({
  ...judge,
  maxNewTokens: maxNewTokens ?? protocolNamed(judge.protocol).defaults.maxNewTokens,
}));

export const endpointModels = {
  key: 'endpoint',
  title: 'A server',
  schema: modelKeys,
  inFolder: (config, folder) => promptInFolder(config, folder),
  setupOf,
  requireDecoding: requireServedDecoding,
  prepare: async (name, config, { instructions }) => [await endpointModel(name, config, instructions)],
} satisfies ModelSource<EndpointModelConfig>;

export const endpointJudges = {
  key: 'endpoint',
  title: 'A server',
  keys: judgeKeys,
  schema: judgeSchema,
  isRemote: true,
  mayBeIncomplete: true,
  inFolder: (config) => config,
  requireApiKey: ({ endpoint }) => void readApiKey(endpoint),
  prepare: async (config) => async () =>
    openEndpointCompleter({ ...config, label: config.label ?? config.model }),
} satisfies JudgeSource<z.output<typeof judgeSchema>>;

/** No key of beams is known to most servers, and many ignore what they do not know. */
function requireServedDecoding(name: string, _config: unknown, generation: AnswerDecodingOptions): void {
  if (generation.decoding !== 'beams') return;
  const expected = 'greedy decoding, which a server is asked for';
  const fix =
    'Give `generation: {decoding: beams}` to models that run in this process, and `extraBody` with its own keys to the server’s.';
  refuseDecoding(name, expected, generation, fix);
}

/** The rest of the endpoint is about the way there. */
function setupOf({ endpoint: { baseUrl, api }, ...config }: EndpointModelConfig): JsonValue {
  return withoutLaterDefaults({ ...config, endpoint: { baseUrl, api } }, modelKeys, FIRST_KEYS);
}

/** Where each exit is served. */
type Servers = ReadonlyMap<number, { readonly endpoint: Endpoint; readonly model: string }>;

function endpointModel(
  name: string,
  { endpoint, label = name, exits, extraBody, kind, layers, parameters, ...prompt }: EndpointModelConfig,
  instructions: readonly Instruction[],
): SweepModel {
  const { form } = promptSetting(prompt, { where: `models.${name}`, instructions, api: endpoint.api });
  const servers: Servers = new Map(
    Object.entries(exits).map(([exit, place]) => {
      const { model, baseUrl = endpoint.baseUrl } = typeof place === 'string' ? { model: place } : place;
      return [Number(exit), { endpoint: { ...endpoint, baseUrl }, model }];
    }),
  );
  const keys = [...servers].map(([exit, { endpoint, model }]) => {
    const key = orderedKey({ kind: 'http answerer', ...endpointIdentity(endpoint, model) });
    return [exit, keyInForm(key, form)] as const;
  });
  return {
    name,
    label,
    exits: [...servers.keys()],
    facts: modelFacts({ kind, layers, parameters }, [...servers.keys()], `models.${name}`),
    keys: new Map(keys),
    form,
    isRemote: true,
    mayBeIncomplete: true,
    decoding: (generation) => ({ ...decodingOf({ ...generation, extraBody }), ...formSettings(form) }),
    respond: (requests, settings) => respond({ servers, extraBody }, requests, settings),
    requireApiKeys: () => {
      for (const { endpoint } of servers.values()) readApiKey(endpoint);
    },
  };
}

/** Servers one after the other; all exits of one together. */
async function* respond<Tag>(
  { servers, extraBody }: { readonly servers: Servers; readonly extraBody: ExtraBody | undefined },
  requests: readonly GenerationRequest<Tag>[],
  { generation, signal }: RespondSettings,
): AsyncGenerator<GenerationReply<Tag>> {
  const settings = { ...generation, extraBody };
  const endpoints = new Map([...servers.values()].map(({ endpoint }) => [endpoint.baseUrl, endpoint]));
  for (const endpoint of endpoints.values()) {
    const prompts = requests.flatMap(({ tag, prompt, exits }) =>
      exits
        .filter((exit) => servers.get(exit)!.endpoint.baseUrl === endpoint.baseUrl)
        .map((exit) => ({ tag: { tag, exit }, text: prompt.text, model: servers.get(exit)!.model })),
    );
    for await (const { tag: place, ...reply } of completeAll(endpoint, prompts, settings, signal)) {
      if ('error' in reply) yield { ...place, error: reply.error };
      else yield { ...place, ...reply };
    }
  }
}
