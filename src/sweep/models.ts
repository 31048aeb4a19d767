import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { JudgeConfig, SweepConfig } from '../config.ts';
import { InputError } from '../errors.ts';
import { subModelKey } from '../model/content-key.ts';
import { hashFiles } from '../model/hash.ts';
import { importIfChanged } from '../model/import.ts';
import { headOfExit, MANIFEST_FILE, type Manifest, readManifest } from '../model/manifest.ts';
import { openTokenizer, type Tokenizer } from '../model/tokenizer.ts';
import { Network } from '../runtime/network.ts';

/** A model of the sweep, ready to be opened. */
export interface SweepModel {
  readonly name: string;
  readonly label: string;
  readonly folder: string;
  readonly manifest: Manifest;
  readonly tokenizer: Tokenizer;
  readonly exits: readonly number[];
  /** Content key of each exit. */
  readonly keys: ReadonlyMap<number, string>;
}

/** Checkpoints are imported here, beside the results. Names of models do not start with a dot, so `.judge` is free. */
const MODELS_FOLDER = 'models';
const JUDGE_FOLDER = '.judge';

export async function prepareModels(config: SweepConfig): Promise<Map<string, SweepModel>> {
  const models = new Map<string, SweepModel>();
  for (const [name, { path, label, exits }] of Object.entries(config.models)) {
    const { folder, manifest } = await prepareFolder(path, join(config.output, MODELS_FOLDER, name), exits);
    const used = exits ?? manifest.exits;
    for (const exit of used) headOfExit(manifest, exit, `models.${name}.exits`);
    models.set(name, {
      name,
      label: label ?? name,
      folder,
      manifest,
      tokenizer: openTokenizer(folder),
      exits: used,
      keys: new Map(used.map((exit) => [exit, subModelKey(manifest, exit)])),
    });
  }
  return models;
}

/** Model folder of the judge. */
export async function prepareJudge({ path }: JudgeConfig, output: string): Promise<string> {
  const { folder } = await prepareFolder(path, join(output, MODELS_FOLDER, JUDGE_FOLDER));
  return folder;
}

/** A checkpoint is imported; a model folder is used where it lies. */
async function prepareFolder(
  path: string,
  importedFolder: string,
  exits?: readonly number[],
): Promise<{ folder: string; manifest: Manifest }> {
  const isImported = existsSync(join(path, MANIFEST_FILE));
  const folder = isImported ? path : importedFolder;
  const manifest = isImported ? readManifest(path) : importIfChanged(path, importedFolder, exits);
  return { folder, manifest: await hashFiles(folder, manifest) };
}

/** Opens a model's sessions for the time of `use`; one model at a time is in memory. */
export async function withNetwork<T>(model: SweepModel, use: (network: Network) => Promise<T>): Promise<T> {
  const network = await Network.open(model.folder);
  try {
    return await use(network);
  } finally {
    await network.close();
  }
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
