/** Models and judges that run in this process: a checkpoint, or the model folder that it was imported to. */

import { basename, resolve } from 'node:path';
import { z } from 'zod';
import { type AnswerDecodingOptions, answerDecoding } from '../core/decoding/answer-decoding.ts';
import { MODEL_KINDS } from '../core/domain.ts';
import { dynamicLabel, dynamicModelName } from '../core/sub-models.ts';
import { withoutLaterDefaults } from '../data/schema/later-defaults.ts';
import { requireFixedDepth } from '../engine/answer-engine.ts';
import type { DynamicSettings } from '../engine/dynamic/generate-any.ts';
import { checkpointPath } from '../model/checkpoint/hub-cache.ts';
import { depthOf, headOfExit, type Manifest } from '../model/folder/manifest.ts';
import { subModelKey } from '../model/folder/sub-model-key.ts';
import { openTokenizer, type Tokenizer } from '../model/tokenizer/tokenizer.ts';
import { jobRunner, type WorkerOptions } from '../worker/job-runner.ts';
import { answerKeys, decodingSettings, needsBeams } from './decoding/answer-keys.ts';
import { judgeDecoding, readsVerdict, withProtocolDefaults } from './decoding/judge-decoding.ts';
import { dynamicAmong, modelExitsSchema, numbersAmong } from './dynamic/dynamic-exits.ts';
import { dynamicKey } from './dynamic/dynamic-sub-model.ts';
import { openFolderCompleter } from './folder-completer.ts';
import type { JudgeSource } from './judge-source.ts';
import type {
  GenerationReply,
  GenerationRequest,
  ModelSource,
  PrepareModelOptions,
  RespondSettings,
  SweepModel,
} from './model-source.ts';
import { prepareJudgeFolder, prepareModelFolder } from './prepare-folder.ts';
import { formSettings, keyInForm, promptInFolder, promptKeys, promptSetting } from './prompt-setting.ts';
import {
  base,
  beamRule,
  count,
  judgeTokens,
  label,
  name,
  precision,
  protocol,
  strip,
} from './schema-parts.ts';

const path = name.describe(
  'A Hugging Face checkpoint, a LoRA adapter (with `base`), or a model folder made by `sorted-eval import`; relative to the sweep file.',
);

const modelKeys = z.strictObject({
  path,
  label,
  exits: modelExitsSchema
    .optional()
    .describe(
      'Exits in ascending order, as numbers of layers, and depths that are chosen token by token (dynamic.md). Default: those of the checkpoint.',
    ),
  base,
  precision,
  kind: z
    .enum(MODEL_KINDS)
    .optional()
    .describe('Kind of model, of a checkpoint without exits.json; otherwise `plain`.'),
  heads: name
    .optional()
    .describe(
      'A YAML file that names heads and norms of exits in other files; the checkpoint is then an early-exit model. See your-models.md.',
    ),
  generation: z
    .strictObject(answerKeys)
    .refine(...needsBeams)
    .optional()
    .describe(
      'How this model’s answers are decoded, in the place of those keys of `generation` of all models.',
    ),
  ...promptKeys,
});
/** Of every model in existing results files; see `withoutLaterDefaults`. */
const FIRST_KEYS: ReadonlySet<string> = new Set(['path', 'label', 'exits', 'precision']);

type FolderModelConfig = z.output<typeof modelKeys>;

const judgeKeys = z.strictObject({
  path,
  base,
  label,
  protocol,
  precision,
  decoding: judgeDecoding,
  beamRule,
  maxNewTokens: judgeTokens,
  batchSize: count.default(32).describe('Beams that decode together; changes the speed, never a verdict.'),
  strip,
});

const judgeSchema = judgeKeys.refine(...readsVerdict).transform(withProtocolDefaults);

/** A model whose weights are at hand: KL, speed and loglikelihood need them. */
export interface FolderModel extends SweepModel {
  readonly folder: string;
  readonly manifest: Manifest;
  readonly tokenizer: Tokenizer;
  /** How it chooses its depth token by token; then its one exit is the deepest. */
  readonly dynamic?: DynamicSettings | undefined;
}

export function isFolderModel(model: SweepModel): model is FolderModel {
  return 'manifest' in model;
}

export const folderModels = {
  key: 'path',
  title: 'A checkpoint or model folder',
  schema: modelKeys,
  inFolder: (config, folder) => ({ ...promptInFolder(config, folder), ...pathsInFolder(config, folder) }),
  setupOf: (config) => withoutLaterDefaults(config, modelKeys, FIRST_KEYS),
  requireDecoding: requireFolderDecoding,
  prepare: prepareFolderModel,
} satisfies ModelSource<FolderModelConfig>;

export const folderJudges = {
  key: 'path',
  title: 'A checkpoint or model folder',
  keys: judgeKeys,
  schema: judgeSchema,
  isRemote: false,
  mayBeIncomplete: false,
  inFolder: (config, folder) => ({ ...config, ...pathsInFolder(config, folder) }),
  requireApiKey: () => {},
  async prepare({ label = 'judge', ...config }, _protocol, { output, memoryMB, ...options }) {
    const folder = await prepareJudgeFolder(config, output, options);
    return () =>
      openFolderCompleter(folder, { ...config, name: basename(config.path), label, memoryMB }, options);
  },
} satisfies JudgeSource<z.output<typeof judgeSchema>>;

/** Depth that is chosen token by token goes with greedy decoding alone. */
function requireFolderDecoding(
  name: string,
  config: FolderModelConfig,
  generation: AnswerDecodingOptions,
): void {
  const decoding = answerDecoding(config.generation ?? generation);
  for (const { settings: dynamic } of dynamicAmong(config.exits ?? []))
    requireFixedDepth({ decoding, dynamic }, `models.${name}.exits`);
}

interface Paths {
  readonly path: string;
  readonly base?: string | undefined;
  readonly heads?: string | undefined;
}

function pathsInFolder({ path, base, heads }: Paths, folder: string): Paths {
  return {
    path: checkpointPath(folder, path),
    ...(base !== undefined && { base: checkpointPath(folder, base) }),
    ...(heads !== undefined && { heads: resolve(folder, heads) }),
  };
}

async function prepareFolderModel(
  name: string,
  config: FolderModelConfig,
  { output, instructions, ...options }: PrepareModelOptions,
): Promise<FolderModel[]> {
  const wanted = config.exits ?? [];
  const imported = { ...config, exits: config.exits && numbersAmong(wanted) };
  const { folder, manifest } = await prepareModelFolder(name, imported, output, options);
  const exits = imported.exits ?? manifest.exits;
  for (const exit of exits) headOfExit(manifest, exit, `models.${name}.exits`);
  const tokenizer = openTokenizer(folder);
  const where = `models.${name}`;
  const { form, endIds } = promptSetting(config, { where, instructions, local: { folder, tokenizer } });
  const eosTokenIds = [...new Set([...manifest.eosTokenIds, ...endIds])];
  const responder = { folder, eosTokenIds, own: config.generation };
  const model: FolderModel = {
    name,
    label: config.label ?? name,
    folder,
    manifest,
    tokenizer,
    exits,
    keys: new Map(exits.map((exit) => [exit, keyInForm(subModelKey(manifest, exit), form)])),
    form,
    isRemote: false,
    mayBeIncomplete: false,
    decoding: (generation) => ({
      ...decodingSettings(answerDecoding(config.generation ?? generation)),
      maxNewTokens: generation.maxNewTokens,
      eosTokenIds,
      ...(manifest.bosTokenId !== undefined && { bosTokenId: manifest.bosTokenId }),
      ...formSettings(form),
    }),
    respond: (requests, settings) => respond(responder, requests, settings, options),
    requireApiKeys: () => {},
  };
  const dynamic = dynamicAmong(wanted).map(({ name: own, settings }): FolderModel => {
    const key = keyInForm(dynamicKey(manifest, settings), form);
    return {
      ...model,
      name: dynamicModelName(name, own),
      label: dynamicLabel(model.label, own),
      exits: [depthOf(manifest)],
      keys: new Map([[depthOf(manifest), key]]),
      dynamic: settings,
      respond: (requests, how) => respond({ ...responder, dynamic: settings }, requests, how, options),
    };
  });
  return [model, ...dynamic];
}

interface Responder {
  readonly folder: string;
  readonly eosTokenIds: readonly number[];
  readonly dynamic?: DynamicSettings;
  /** In the place of the decoding of all models. */
  readonly own: AnswerDecodingOptions | undefined;
}

async function* respond<Tag>(
  { folder, eosTokenIds, dynamic, own }: Responder,
  requests: readonly GenerationRequest<Tag>[],
  { generation, memoryMB, signal }: RespondSettings,
  workers: WorkerOptions,
): AsyncGenerator<GenerationReply<Tag>> {
  const untagged = requests.map(({ prompt, exits }) => ({ prompt, exits }));
  const { maxNewTokens, batchSize } = generation;
  const how = { dynamic, decoding: answerDecoding(own ?? generation) };
  const settings = { maxNewTokens, batchSize, eosTokenIds, memoryMB, ...how };
  const input = { folder, requests: untagged, settings };
  for await (const { request, ...response } of jobRunner(workers)('generate', input, signal)) {
    yield { ...response, tag: requests[request]!.tag };
  }
}
