import { join } from 'node:path';
import { InputError } from '../core/errors.ts';
import type { ImportOptions } from '../model/folder/import-checkpoint.ts';
import { importPlace } from '../model/folder/import-place.ts';
import {
  isModelFolder,
  type Manifest,
  reachesFullDepth,
  withoutFullDepth,
} from '../model/folder/manifest.ts';
import { readManifest } from '../model/folder/read-manifest.ts';
import type { Precision } from '../model/quantise/precision.ts';
import { type HashModelOptions, hashModel } from './hash-model.ts';
import { importModel } from './import-model.ts';

/**
 * Checkpoints are imported here, beside the results. Names of models do not start with a dot, so `.judge` is
 * free.
 */
export const MODELS_FOLDER = 'models';
const JUDGE_FOLDER = '.judge';

interface PathConfig extends Pick<ImportOptions, 'exits' | 'kind' | 'heads' | 'base'> {
  readonly path: string;
  readonly precision?: Precision | undefined;
}

interface PreparedFolder {
  readonly folder: string;
  /** With all files hashed. */
  readonly manifest: Manifest;
}

/**
 * The model folder of a sweep's model: a checkpoint is imported into `output`, a model folder is used where
 * it lies.
 */
export function prepareModelFolder(
  name: string,
  config: PathConfig,
  output: string,
  options: HashModelOptions,
): Promise<PreparedFolder> {
  return prepareFolder(config, join(output, MODELS_FOLDER, name), options);
}

/** The same for the judge. */
export async function prepareJudgeFolder(
  { path, base, precision }: PathConfig,
  output: string,
  options: HashModelOptions,
): Promise<string> {
  const imported = join(output, MODELS_FOLDER, JUDGE_FOLDER);
  const { folder, manifest } = await prepareFolder({ path, base, precision }, imported, options);
  if (!reachesFullDepth(manifest)) throw withoutFullDepth(manifest, `${path}, the judge`);
  return folder;
}

async function prepareFolder(
  { path, exits, kind, heads, base, precision }: PathConfig,
  importedFolder: string,
  options: HashModelOptions,
): Promise<PreparedFolder> {
  if (!isModelFolder(path)) {
    const wanted = { exits, kind, heads, base, ...(precision && { precision }) };
    const folder = importPlace(path, importedFolder, wanted);
    const manifest = await importModel(path, folder, { ...wanted, replace: 'if-changed' }, options);
    return { folder, manifest: await hashModel(folder, manifest, options) };
  }
  const manifest = readManifest(path);
  if (precision !== undefined) requireSame(path, 'precision', manifest.precision, precision);
  if (kind !== undefined) requireSame(path, 'kind', manifest.kind, kind);
  if (heads !== undefined) throw importedAlready(path, `a checkpoint beside heads: ${heads}`, 'heads');
  if (base !== undefined) throw importedAlready(path, `a LoRA adapter beside base: ${base}`, 'base');
  return { folder: path, manifest: await hashModel(path, manifest, options) };
}

/** What an import decides, the sweep file cannot change afterwards. */
function requireSame(path: string, key: 'precision' | 'kind', found: string, expected: string): void {
  if (found === expected) return;
  throw new InputError({
    code: 'bad-config',
    where: path,
    expected: `a model folder of ${key} ${expected}, as in the sweep file`,
    found: `one of ${found}`,
    fix: `Import its checkpoint with --${key} ${expected}, or leave \`${key}\` out.`,
  });
}

function importedAlready(where: string, expected: string, key: 'heads' | 'base'): InputError {
  return new InputError({
    code: 'bad-config',
    where,
    expected,
    found: 'a model folder, into which everything was imported',
    fix: `Name what it was imported from, or leave \`${key}\` out.`,
  });
}
