/** Models and judges of a server that follows docs/server-api.md: `sorted-eval serve`, or scripts/serve on GPUs. */

import { z } from 'zod';
import { type AnswerDecodingOptions, answerDecoding } from '../../core/decoding/answer-decoding.ts';
import { withoutLaterDefaults } from '../../data/schema/later-defaults.ts';
import { refuseDecoding } from '../decoding/answer-keys.ts';
import { judgeDecoding, readsVerdict, withProtocolDefaults } from '../decoding/judge-decoding.ts';
import { readApiKey } from '../http/api-key.ts';
import type { JudgeSource } from '../judge-source.ts';
import type { ModelSource, PrepareModelOptions } from '../model-source.ts';
import { promptInFolder, promptKeys, promptSetting } from '../prompt-setting.ts';
import { beamRule, count, exitsSchema, judgeTokens, label, name, protocol, strip } from '../schema-parts.ts';
import { requireFeature } from './find-listed.ts';
import { openServed } from './open-served.ts';
import { openServedCompleter } from './served-completer.ts';
import { type ServedModel, servedModel } from './served-model.ts';
import { serverSchema } from './server-place.ts';

const model = name.describe('The model’s name at the server, without an exit.');

const modelKeys = z.strictObject({
  server: serverSchema.describe(
    'A server that follows server-api.md (`sorted-eval serve`, scripts/serve): exits, layers and kind come from it.',
  ),
  model,
  label,
  exits: exitsSchema
    .optional()
    .describe('Exits in ascending order, as numbers of layers. Default: all that the server has.'),
  ...promptKeys,
});
type ServerModelConfig = z.output<typeof modelKeys>;

const judgeKeys = z.strictObject({
  server: serverSchema.describe('A server that follows server-api.md and has the judge.'),
  model,
  label,
  protocol,
  decoding: judgeDecoding,
  beamRule,
  maxNewTokens: judgeTokens,
  maxPromptCharacters: count
    .optional()
    .describe(
      'Characters of a prompt at most: longer ones lose the ends of their responses. Default: the server shortens what leaves no room for `maxNewTokens`, by its tokens.',
    ),
  strip,
});

const judgeSchema = judgeKeys.refine(...readsVerdict).transform(withProtocolDefaults);

export const serverModels = {
  key: 'server',
  title: 'A server of all exits',
  schema: modelKeys,
  inFolder: (config, folder) => promptInFolder(config, folder),
  // The server is about the way there: keys hold what it serves.
  setupOf: ({ server, ...config }) => withoutLaterDefaults(config, modelKeys, new Set()),
  requireDecoding,
  prepare: async (name, config, options) => [await prepareModel(name, config, options)],
} satisfies ModelSource<ServerModelConfig>;

export const serverJudges = {
  key: 'server',
  title: 'A server of all exits',
  keys: judgeKeys,
  schema: judgeSchema,
  isRemote: true,
  mayBeIncomplete: true,
  inFolder: (config) => config,
  requireApiKey: ({ server }) => void readApiKey(server),
  async prepare({ server, model, label = model, ...config }, _protocol, options) {
    const served = await openServed(server, model, 'judge', options);
    if (config.decoding === 'beams')
      requireFeature(
        served.listed,
        'beams',
        'judge.decoding',
        'Serve the judge with scripts/serve, or use `decoding: greedy`.',
      );
    return async () => openServedCompleter(served, { ...config, label });
  },
} satisfies JudgeSource<z.output<typeof judgeSchema>>;

/** Whether it has beams, the server says itself. */
function requireDecoding(name: string, _config: unknown, generation: AnswerDecodingOptions): void {
  const { strategy, repetitionPenalty } = answerDecoding(generation);
  if (strategy === 'beams' || repetitionPenalty === 1) return;
  const expected = 'no repetition penalty without beams, which no such server has';
  refuseDecoding(name, expected, generation, 'Use `decoding: beams`, or leave `repetitionPenalty` out.');
}

async function prepareModel(
  name: string,
  { server, model, label = name, exits, ...prompt }: ServerModelConfig,
  { instructions, ...options }: PrepareModelOptions,
): Promise<ServedModel> {
  const where = `models.${name}`;
  const { form } = promptSetting(prompt, { where, instructions, api: 'completions' });
  const served = await openServed(server, model, where, options);
  return servedModel(served, { name, label, exits, form });
}
