import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { SweepConfig } from '../config.ts';
import { readSweepConfig } from '../config.ts';
import { readInstructions } from '../data/instructions.ts';
import type { Comparison, Instruction } from '../domain.ts';
import { InputError } from '../errors.ts';
import { subModelKey } from '../model/content-key.ts';
import { hashFiles } from '../model/hash.ts';
import { importIfChanged } from '../model/import.ts';
import { headOfExit, MANIFEST_FILE, type Manifest, readManifest } from '../model/manifest.ts';
import { modelSize } from '../model/size.ts';
import { openTokenizer, type Tokenizer } from '../model/tokenizer.ts';
import { Network } from '../runtime/network.ts';
import type { JsonValue } from '../store/content-key.ts';
import { openStore, type Store } from '../store/database.ts';
import { openRun } from '../store/runs.ts';
import { VERSION } from '../version.ts';
import type { Progress } from './progress.ts';

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

/** Everything that the stages share. */
export interface Sweep {
  readonly config: SweepConfig;
  readonly run: string;
  readonly store: Store;
  readonly instructions: readonly Instruction[];
  readonly models: ReadonlyMap<string, SweepModel>;
  readonly comparisons: readonly Comparison[];
  readonly progress: Progress;
  readonly signal?: AbortSignal;
}

export interface SweepOptions {
  readonly progress: Progress;
  readonly signal?: AbortSignal;
}

export const RESULTS_FILE = 'results.db';

/**
 * Reads the sweep file, imports checkpoints that are not imported yet, hashes weights on their first use and opens the
 * results file. Nothing is computed yet.
 * @throws InputError for whatever does not fit
 */
export async function openSweep(path: string, options: SweepOptions): Promise<Sweep> {
  const { config, written } = readSweepConfig(path);
  const instructions = readInstructions(config.instructions).slice(0, config.limit);
  const store = openStore(join(config.output, RESULTS_FILE));
  try {
    const models = await prepareModels(config);
    const comparisons = config.comparisons.map((comparison, index) => {
      const where = `${path}: comparisons.${index}`;
      return toComparison(comparison, models, where);
    });
    const sweep = { config, run: config.name, store, instructions, models, comparisons, ...options };
    registerRun(sweep, written);
    return sweep;
  } catch (error) {
    store.close();
    throw error;
  }
}

export function closeSweep({ store }: Sweep): void {
  store.close();
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

/** A checkpoint is imported beside the results; a model folder is used where it lies. */
export async function prepareFolder(
  path: string,
  importedFolder: string,
  exits?: readonly number[],
): Promise<{ folder: string; manifest: Manifest }> {
  const isImported = existsSync(join(path, MANIFEST_FILE));
  const folder = isImported ? path : importedFolder;
  const manifest = isImported ? readManifest(path) : importIfChanged(path, importedFolder, exits);
  return { folder, manifest: await hashFiles(folder, manifest) };
}

async function prepareModels(config: SweepConfig): Promise<Map<string, SweepModel>> {
  const models = new Map<string, SweepModel>();
  for (const [name, { path, label, exits }] of Object.entries(config.models)) {
    const { folder, manifest } = await prepareFolder(path, join(config.output, 'models', name), exits);
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

function toComparison(
  { a, b, exitsA, exitsB }: SweepConfig['comparisons'][number],
  models: ReadonlyMap<string, SweepModel>,
  where: string,
): Comparison {
  return {
    name: `${a} against ${b}`,
    modelA: a,
    modelB: b,
    exitsA: usedExits(models.get(a)!, exitsA, `${where}.exitsA`),
    exitsB: usedExits(models.get(b)!, exitsB, `${where}.exitsB`),
  };
}

function usedExits(model: SweepModel, chosen: readonly number[] | undefined, where: string) {
  for (const exit of chosen ?? []) requireExit(model, exit, where);
  return chosen ?? model.exits;
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

/** Judge, policy and limits may change without touching what was answered, so they are no part of the run's setup. */
function registerRun(sweep: Sweep, written: SweepConfig): void {
  const { judge, policy, limits, ...setup } = written;
  openRun(sweep.store, {
    run: sweep.run,
    config: JSON.parse(JSON.stringify(setup)) as JsonValue,
    toolVersion: VERSION,
    instructions: sweep.instructions,
    comparisons: sweep.comparisons,
    models: [...sweep.models.values()].map(({ name, manifest, keys }) => ({
      model: name,
      kind: manifest.kind,
      layers: manifest.architecture.layers,
      precision: manifest.precision,
      ...modelSize(manifest),
      subModels: [...keys].map(([exit, key]) => ({ exit, subModelKey: key })),
    })),
  });
}
