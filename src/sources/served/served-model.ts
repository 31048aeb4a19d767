import { orderedKey } from '../../core/content-key.ts';
import { answerDecoding } from '../../core/decoding/answer-decoding.ts';
import { InputError } from '../../core/errors.ts';
import { decodingSettings } from '../decoding/answer-keys.ts';
import { readApiKey } from '../http/api-key.ts';
import { withoutAnswer } from '../http/openai.ts';
import type { GenerationReply, GenerationRequest, RespondSettings, SweepModel } from '../model-source.ts';
import { formSettings, keyInForm, type PromptSetting } from '../prompt-setting.ts';
import { askServed, type Served } from './ask-served.ts';
import { requireFeature } from './find-listed.ts';
import { decodingBody, responseIn } from './served-decoding.ts';
import { COMPLETION, type ListedModel } from './server-api.ts';

/** A model that a server of docs/server-api.md has whole: it gives ids and distributions, not texts alone. */
export interface ServedModel extends SweepModel {
  readonly served: Served;
}

export function isServedModel(model: SweepModel): model is ServedModel {
  return 'served' in model;
}

const NO_BEAMS = 'Serve the model with scripts/serve, or use `generation: {decoding: greedy}`.';

interface ServedOptions {
  readonly name: string;
  readonly label: string;
  readonly exits: readonly number[] | undefined;
  readonly form: PromptSetting['form'];
}

/** @throws InputError `unknown-exit` */
export function servedModel(served: Served, { name, label, form, ...options }: ServedOptions): ServedModel {
  const { listed, server } = served;
  const { exits = listed.exits } = options;
  requireExits(listed, exits, `models.${name}.exits`);
  return {
    name,
    label,
    served,
    exits,
    keys: new Map(exits.map((exit) => [exit, keyInForm(servedKey(listed, exit), form)])),
    form,
    isRemote: true,
    mayBeIncomplete: true,
    decoding: (generation) => {
      const decoding = answerDecoding(generation);
      if (decoding.strategy === 'beams') requireFeature(listed, 'beams', `models.${name}`, NO_BEAMS);
      return { ...decodingSettings(decoding), maxNewTokens: generation.maxNewTokens, ...formSettings(form) };
    },
    respond: (requests, settings) => respond(served, requests, settings),
    requireApiKeys: () => void readApiKey(server),
  };
}

/** Where a server is has no part in it; its weights, engine and precision have, so that no local result meets it. */
export function servedKey(listed: ListedModel, exit: number): string {
  const { weights_sha256: weights, engine, precision, system_fingerprint: fingerprint } = listed;
  return orderedKey({ kind: 'served model', weights, engine, precision, fingerprint, exit });
}

/** All exits of a prompt follow each other, so that the server reads it once. */
async function* respond<Tag>(
  served: Served,
  requests: readonly GenerationRequest<Tag>[],
  { generation, signal }: RespondSettings,
): AsyncGenerator<GenerationReply<Tag>> {
  const { root } = served.listed;
  const decoding = answerDecoding(generation);
  const beams = decoding.strategy === 'beams' ? decoding : undefined;
  const posts = requests.flatMap(({ tag, prompt, exits }) =>
    exits.map((exit) => ({
      tag: { tag, exit },
      body: {
        model: `${root}@${exit}`,
        prompt: prompt.text,
        max_tokens: generation.maxNewTokens,
        ...decodingBody(beams),
        return_token_ids: true,
      },
    })),
  );
  for await (const reply of askServed(served, COMPLETION, posts, signal)) {
    if ('error' in reply) yield { ...reply.tag, ...withoutAnswer(reply) };
    else yield { ...reply.tag, ...responseIn(served.listed, reply) };
  }
}

function requireExits({ root, exits }: ListedModel, wanted: readonly number[], where: string): void {
  const unknown = wanted.find((exit) => !exits.includes(exit));
  if (unknown === undefined) return;
  throw new InputError({
    code: 'unknown-exit',
    where,
    expected: `some of the exits ${exits.join(', ')} that the server has of ${root}`,
    found: `${unknown}`,
    fix: 'Name some of these, or serve the model with this exit.',
  });
}
