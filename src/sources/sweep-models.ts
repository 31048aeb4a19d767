import { join } from 'node:path';
import type { ModelConfig, SweepConfig } from '../config/sweep-file.ts';
import type { Instruction } from '../core/domain.ts';
import { InputError } from '../core/errors.ts';
import { headOfExit, isModelFolder, type Manifest } from '../model/folder/manifest.ts';
import { readManifest } from '../model/folder/read-manifest.ts';
import { subModelKey } from '../model/folder/sub-model-key.ts';
import type { Precision } from '../model/quantise/precision.ts';
import { openTokenizer, type Tokenizer } from '../model/tokenizer/tokenizer.ts';
import { type EndpointModel, prepareAnswers, prepareEndpoint, type RecordedModel } from './foreign-models.ts';
import { type HashModelOptions, hashModel } from './hash-model.ts';
import { importModel } from './import-model.ts';

/** What every model of a sweep has, wherever its answers come from. */
export interface BaseModel {
  readonly name: string;
  readonly label: string;
  /** Rising. */
  readonly exits: readonly number[];
  /** Content key of each exit. */
  readonly keys: ReadonlyMap<number, string>;
}

/** A model that runs in this process, ready to be opened. */
export interface FolderModel extends BaseModel {
  readonly source: 'folder';
  readonly folder: string;
  readonly manifest: Manifest;
  readonly tokenizer: Tokenizer;
}

/** Only a model in a folder has weights: KL, speed and memory are about those. */
export type SweepModel = FolderModel | EndpointModel | RecordedModel;

export const isFolderModel = (model: SweepModel): model is FolderModel => model.source === 'folder';

/** Checkpoints are imported here, beside the results. Names of models do not start with a dot, so `.judge` is free. */
const MODELS_FOLDER = 'models';
const JUDGE_FOLDER = '.judge';

export async function prepareModels(
  config: SweepConfig,
  instructions: readonly Instruction[],
  options: HashModelOptions,
): Promise<Map<string, SweepModel>> {
  const models = new Map<string, SweepModel>();
  for (const [name, model] of Object.entries(config.models)) {
    if ('path' in model) models.set(name, await prepareFolderModel(name, model, config.output, options));
    else if ('endpoint' in model) models.set(name, prepareEndpoint(name, model));
    else models.set(name, prepareAnswers(name, model, instructions));
  }
  return models;
}

async function prepareFolderModel(
  name: string,
  { path, label, exits, precision }: Extract<ModelConfig, { path: string }>,
  output: string,
  options: HashModelOptions,
): Promise<FolderModel> {
  const { folder, manifest } = await prepareFolder(path, join(output, MODELS_FOLDER, name), options, {
    ...(exits && { exits }),
    ...(precision && { precision }),
  });
  const used = exits ?? manifest.exits;
  for (const exit of used) headOfExit(manifest, exit, `models.${name}.exits`);
  return {
    source: 'folder',
    name,
    label: label ?? name,
    folder,
    manifest,
    tokenizer: openTokenizer(folder),
    exits: used,
    keys: new Map(used.map((exit) => [exit, subModelKey(manifest, exit)])),
  };
}

/** Model folder of the judge. */
export async function prepareJudgeFolder(
  { path, precision }: { readonly path: string; readonly precision?: Precision | undefined },
  output: string,
  options: HashModelOptions,
): Promise<string> {
  const importedFolder = join(output, MODELS_FOLDER, JUDGE_FOLDER);
  const { folder } = await prepareFolder(path, importedFolder, options, precision ? { precision } : {});
  return folder;
}

/** A checkpoint is imported; a model folder is used where it lies. */
async function prepareFolder(
  path: string,
  importedFolder: string,
  options: HashModelOptions,
  wanted: { readonly exits?: readonly number[]; readonly precision?: Precision },
): Promise<{ folder: string; manifest: Manifest }> {
  if (!isModelFolder(path)) {
    const manifest = await importModel(path, importedFolder, { ...wanted, replace: 'if-changed' }, options);
    return { folder: importedFolder, manifest: await hashModel(importedFolder, manifest, options) };
  }
  const manifest = readManifest(path);
  if (wanted.precision !== undefined) requirePrecision(path, manifest, wanted.precision);
  return { folder: path, manifest: await hashModel(path, manifest, options) };
}

function requirePrecision(path: string, { precision: found }: Manifest, expected: Precision): void {
  if (found === expected) return;
  throw new InputError({
    code: 'bad-config',
    where: path,
    expected: `a model folder at ${expected}, as the sweep file says`,
    found: `one at ${found}`,
    fix: `Import its checkpoint with --precision ${expected}, or leave \`precision\` out.`,
  });
}

/** @throws InputError `unknown-exit` */
export function requireExit(model: SweepModel, exit: number, where: string): void {
  if (model.exits.includes(exit)) return;
  throw new InputError({
    code: 'unknown-exit',
    where,
    expected: `one of the exits ${model.exits.join(', ')} of ${model.name}`,
    found: `${exit}`,
    fix: 'Name one of these.',
  });
}
