import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { SweepConfig } from '../config.ts';
import { readSweepConfig } from '../config.ts';
import { readInstructions } from '../data/instructions.ts';
import type { Comparison, Instruction } from '../domain.ts';
import { modelSize } from '../model/size.ts';
import type { JsonValue } from '../store/content-key.ts';
import { openStore, type Store } from '../store/database.ts';
import { openRun } from '../store/runs.ts';
import { VERSION } from '../version.ts';
import { prepareJudge, prepareModels, type SweepModel } from './models.ts';
import { type Curve, checkSpeed, planComparisons, planCurves } from './plan.ts';
import type { Progress } from './progress.ts';

/** Everything that the stages share. */
export interface Sweep {
  readonly config: SweepConfig;
  readonly run: string;
  readonly store: Store;
  readonly instructions: readonly Instruction[];
  readonly models: ReadonlyMap<string, SweepModel>;
  readonly comparisons: readonly Comparison[];
  readonly curves: readonly Curve[];
  /** Model folder of the judge, where the sweep file names one. */
  readonly judgeFolder: string | undefined;
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
 * results file. Nothing is computed yet, and whatever does not fit is found before the results file is touched.
 * @throws InputError for whatever does not fit
 */
export async function openSweep(path: string, options: SweepOptions): Promise<Sweep> {
  const { config, written } = readSweepConfig(path);
  const instructions = readInstructions(config.instructions).slice(0, config.limit);
  const results = join(config.output, RESULTS_FILE);
  // Tells of an unusable results file before gigabytes of weights are read.
  if (existsSync(results)) openStore(results).close();
  const models = await prepareModels(config);
  const judgeFolder = config.judge && (await prepareJudge(config.judge, config.output));
  const comparisons = planComparisons(config, models, path);
  checkSpeed(config, models, path);
  const curves = planCurves(config, models, path);
  const store = openStore(results);
  const sweep = {
    config,
    run: config.name,
    store,
    instructions,
    models,
    comparisons,
    curves,
    judgeFolder,
    ...options,
  };
  try {
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
