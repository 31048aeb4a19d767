/** Every place that responses and verdicts come from, and the parts of the sweep file that choose one. */

import type { z } from 'zod';
import type { AnswerDecodingOptions } from '../core/decoding/answer-decoding.ts';
import { InputError } from '../core/errors.ts';
import type { JsonValue } from '../core/json.ts';
import { identicalIsTie } from '../judge/identical-is-tie.ts';
import { type Judge, judgeOf } from '../judge/judge.ts';
import { protocolNamed } from '../judge/protocols/protocols.ts';
import { endpointJudges, endpointModels } from './endpoint-source.ts';
import { folderJudges, folderModels } from './folder-source.ts';
import type { JudgeSource, PrepareJudgeOptions } from './judge-source.ts';
import type { ModelSource, PrepareModelOptions, SweepModel } from './model-source.ts';
import { recordedJudges, recordedModels } from './recorded-source.ts';
import { oneOf } from './schema-parts.ts';
import { serverJudges, serverModels } from './served/server-source.ts';

export type ModelConfig = z.output<
  | typeof folderModels.schema
  | typeof endpointModels.schema
  | typeof serverModels.schema
  | typeof recordedModels.schema
>;
export type JudgeConfig = z.output<
  | typeof folderJudges.schema
  | typeof endpointJudges.schema
  | typeof serverJudges.schema
  | typeof recordedJudges.schema
>;

export const MODEL_SOURCES: readonly ModelSource<ModelConfig>[] = [
  folderModels,
  endpointModels,
  serverModels,
  recordedModels,
];

export const JUDGE_SOURCES: readonly JudgeSource<JudgeConfig>[] = [
  folderJudges,
  endpointJudges,
  serverJudges,
  recordedJudges,
];

export const modelSchema = oneOf<ModelConfig>(MODEL_SOURCES);
export const judgeSchema = oneOf<JudgeConfig>(JUDGE_SOURCES);

/** A model with its paths made absolute. */
export function modelIn(folder: string, model: ModelConfig): ModelConfig {
  return sourceOf(MODEL_SOURCES, model).inFolder(model, folder);
}

/** A judge with its paths made absolute. */
export function judgeIn(folder: string, judge: JudgeConfig): JudgeConfig {
  return sourceOf(JUDGE_SOURCES, judge).inFolder(judge, folder);
}

/** True for a judge that runs in this process. */
export function isFolderJudge(judge: JudgeConfig): judge is z.output<typeof folderJudges.schema> {
  return folderJudges.key in judge;
}

/** What of a model's configuration makes another run. */
export function modelSetup(model: ModelConfig): JsonValue {
  return sourceOf(MODEL_SOURCES, model).setupOf(model);
}

/** @throws InputError `bad-config` for a model that cannot answer in the way that the sweep file wants */
export function requireDecodings(
  models: Readonly<Record<string, ModelConfig>>,
  generation: AnswerDecodingOptions,
): void {
  for (const [name, model] of Object.entries(models))
    sourceOf(MODEL_SOURCES, model).requireDecoding(name, model, generation);
}

/**
 * In the order of the sweep file, by name.
 * @throws InputError for whatever does not fit
 */
export async function prepareModels(
  configs: Readonly<Record<string, ModelConfig>>,
  options: PrepareModelOptions,
): Promise<Map<string, SweepModel>> {
  const models = new Map<string, SweepModel>();
  for (const [name, config] of Object.entries(configs)) {
    const prepared = await sourceOf(MODEL_SOURCES, config).prepare(name, config, options);
    for (const model of prepared) models.set(model.name, model);
  }
  return models;
}

/** A judge that fits, not yet open. */
export interface PreparedJudge {
  /** Works on another machine, so this one can compute meanwhile. */
  readonly isRemote: boolean;
  /** May leave verdicts out, which is no error of this program. */
  readonly mayBeIncomplete: boolean;
  /**
   * @throws InputError naming the environment variable of an API key that the judge needs and does not find
   */
  requireApiKey(): void;
  /** The judge in the sweep file. */
  readonly setup?: JsonValue | undefined;
  open(): Promise<Judge>;
}

/**
 * Imports the checkpoint of a judge, or checks whatever else the judge needs, before anything is computed.
 * @throws InputError for whatever does not fit
 */
export async function prepareJudge(
  config: JudgeConfig,
  {
    identical,
    setup,
    ...options
  }: PrepareJudgeOptions & {
    readonly identical: 'ask' | 'tie';
    readonly setup?: JsonValue | undefined;
  },
): Promise<PreparedJudge> {
  const source = sourceOf(JUDGE_SOURCES, config);
  const protocol = protocolNamed(config.protocol);
  const openCompleter = await source.prepare(config, protocol, options);
  return {
    isRemote: source.isRemote,
    mayBeIncomplete: source.mayBeIncomplete,
    setup,
    requireApiKey: () => source.requireApiKey(config),
    open: async () => {
      const judge = judgeOf(protocol, await openCompleter(), config.strip);
      return identical === 'tie' ? identicalIsTie(judge) : judge;
    },
  };
}

/** @throws InputError `unknown-exit` */
export function requireExit(model: Pick<SweepModel, 'name' | 'exits'>, exit: number, where: string): void {
  if (model.exits.includes(exit)) return;
  throw new InputError({
    code: 'unknown-exit',
    where,
    expected: `one of the exits ${model.exits.join(', ')} of ${model.name}`,
    found: `${exit}`,
    fix: 'Name one of these.',
  });
}

function sourceOf<Source extends { readonly key: string }>(
  sources: readonly Source[],
  config: object,
): Source {
  return sources.find(({ key }) => key in config)!;
}
