import { basename, resolve } from 'node:path';
import { InputError } from '../core/errors.ts';
import { sha256 } from '../core/sha256.ts';
import { thresholdsOf } from '../engine/dynamic/adaptive-settings.ts';
import type { DynamicSettings } from '../engine/dynamic/generate-any.ts';
import { requireDraft } from '../engine/dynamic/speculative-settings.ts';
import { type ChatTemplate, readChatTemplate } from '../model/chat/chat-template.ts';
import { hashFiles } from '../model/folder/hash-files.ts';
import { depthOf, type Manifest } from '../model/folder/manifest.ts';
import { readManifest, weightFilesOf } from '../model/folder/read-manifest.ts';
import { subModelKey } from '../model/folder/sub-model-key.ts';
import { openTokenizer, type Tokenizer } from '../model/tokenizer/tokenizer.ts';
import { sha256OfAll, tokenizerSha256 } from '../model/tokenizer/tokenizer-sha256.ts';
import type { NamedDynamic } from '../sources/dynamic/dynamic-names.ts';
import { ApiError } from './api-error.ts';

/** A model folder that is served. */
export interface ServedModel {
  readonly name: string;
  readonly folder: string;
  readonly manifest: Manifest;
  readonly tokenizer: Tokenizer;
  /** Or why it has none that can be used. */
  readonly chat: ChatTemplate | InputError;
  /** Of the sha256 of its weight files, each once, sorted, a line each. */
  readonly weightsSha256: string;
  /** The same of the files that give tokens their ids. */
  readonly tokenizerSha256: string;
  /** Of all that answers depend on. */
  readonly fingerprint: string;
}

/** What a request's `model` names. */
export interface SubModel {
  readonly id: string;
  readonly model: ServedModel;
  readonly lane: number;
  /** The deepest one where the depth is chosen token by token. */
  readonly exit: number;
  readonly dynamic?: DynamicSettings;
}

/** A lane: a model at fixed exits, or at a depth that is chosen token by token. */
export interface ServedLane {
  readonly model: ServedModel;
  readonly dynamic?: DynamicSettings;
}

export interface ServedModels {
  readonly models: readonly ServedModel[];
  readonly lanes: readonly ServedLane[];
  /** In the order in which they are listed; a model's bare name stands for its deepest exit. */
  readonly subModels: readonly SubModel[];
}

/**
 * Opens what is served. Weights are hashed where they were not before.
 * @param dynamic depths that are chosen token by token, each of all models that have its exits
 * @throws InputError for a folder that is no model folder, two of one name, or a depth that no model has the exits of
 */
export async function openServedModels(
  folders: readonly string[],
  dynamic: readonly NamedDynamic[],
  signal: AbortSignal,
): Promise<ServedModels> {
  const models: ServedModel[] = [];
  for (const folder of folders) models.push(await openServed(folder, signal));
  requireOwnNames(models);
  for (const depth of dynamic) requireSome(models, depth);
  const lanes: ServedLane[] = [];
  const subModels = models.flatMap((model) => {
    const fixed = lanes.push({ model }) - 1;
    const exit = depthOf(model.manifest);
    const { name, manifest } = model;
    const own = dynamic.filter(({ settings }) => problemOf(model, settings) === undefined);
    return [
      ...manifest.exits.map((at): SubModel => ({ id: `${name}@${at}`, model, lane: fixed, exit: at })),
      ...own.map(({ name: depth, settings }): SubModel => {
        const lane = lanes.push({ model, dynamic: settings }) - 1;
        return { id: `${name}@${depth}`, model, lane, exit, dynamic: settings };
      }),
      { id: name, model, lane: fixed, exit },
    ];
  });
  return { models, lanes, subModels };
}

/** @throws ApiError 404 */
export function findSubModel({ subModels }: ServedModels, id: string): SubModel {
  const found = subModels.find((one) => one.id === id);
  if (found) return found;
  const names = subModels.map((one) => one.id).join(', ');
  const asked = JSON.stringify(id.slice(0, 200));
  const message = `model: expected one of ${names}, found ${asked}`;
  throw new ApiError(404, 'model_not_found', message, 'model');
}

/** Why a model cannot answer at a depth; undefined: it can. */
function problemOf({ manifest }: ServedModel, { adaptive, speculative }: DynamicSettings) {
  try {
    if (speculative) requireDraft(manifest, speculative);
    if (adaptive && thresholdsOf(manifest, adaptive).size === 0) throw withoutExits();
    return undefined;
  } catch (error) {
    if (error instanceof InputError) return error;
    throw error;
  }
}

/** @throws InputError where no model can answer at a depth: why the first cannot */
function requireSome(models: readonly ServedModel[], { name, settings }: NamedDynamic): void {
  const problems = models.map((model) => problemOf(model, settings));
  if (problems.some((problem) => problem === undefined)) return;
  const { code, expected, found } = problems[0]!;
  const where = `${models[0]!.name}@${name}`;
  throw new InputError({ code, where, expected, found, fix: 'Name exits that a model has.' });
}

function withoutExits(): InputError {
  const expected = 'a model with an exit before the deepest';
  return new InputError({ code: 'bad-option', where: 'adaptive', expected, found: 'none', fix: '' });
}

async function openServed(folder: string, signal: AbortSignal): Promise<ServedModel> {
  const manifest = await hashFiles(folder, readManifest(folder), { signal });
  const shas = weightFilesOf(manifest).map((file) => manifest.files[file]!.sha256!);
  return {
    name: basename(resolve(folder)),
    folder,
    manifest,
    tokenizer: openTokenizer(folder),
    chat: chatOf(folder),
    weightsSha256: sha256OfAll(shas),
    tokenizerSha256: tokenizerSha256(manifest),
    fingerprint: fingerprintOf(manifest),
  };
}

/** 32 hexadecimal digits. */
function fingerprintOf(manifest: Manifest): string {
  const keys = manifest.exits.map((exit) => subModelKey(manifest, exit));
  return sha256([...keys, ...manifest.eosTokenIds].join('\n')).slice(0, 32);
}

function chatOf(folder: string): ServedModel['chat'] {
  try {
    return readChatTemplate(folder);
  } catch (error) {
    if (error instanceof InputError) return error;
    throw error;
  }
}

function requireOwnNames(models: readonly ServedModel[]): void {
  const twice = models.find(({ name }, index) => models.findIndex((other) => other.name === name) < index);
  if (!twice) return;
  throw new InputError({
    code: 'bad-option',
    where: 'serve',
    expected: 'folders of different names, which are the names of their models',
    found: `several named ${twice.name}`,
    fix: 'Rename one, or name a link to it.',
  });
}
