/** The run of a sweep in its results file. */

import { runSetup } from '../config/run-setup.ts';
import type { SweepConfig } from '../config/sweep-file.ts';
import { InputError } from '../core/errors.ts';
import type { Progress } from '../core/progress.ts';
import { VERSION } from '../core/version.ts';
import { modelSize } from '../model/folder/sizes/model-size.ts';
import { isFolderModel } from '../sources/folder-source.ts';
import type { SweepModel } from '../sources/model-source.ts';
import { isServedModel, type ServedModel } from '../sources/served/served-model.ts';
import type { Store } from '../store/database.ts';
import type { JudgeIdentity } from '../store/tables/judge-table.ts';
import type { ModelRecord } from '../store/tables/model-table.ts';
import { openRun, saveMargin } from '../store/tables/run-table.ts';
import type { ComparisonsContext } from './plan/run-context.ts';

/**
 * @param options `mustExist`: refuses, and stores nothing, where the run is not stored yet
 * @returns the run's key
 * @throws InputError `empty`
 */
export function registerRun(
  store: Store,
  written: SweepConfig,
  { instructions, models, comparisons, identity: judge }: PlannedRun,
  { progress, mustExist }: { readonly progress: Progress; readonly mustExist?: boolean },
): string {
  const { name } = written;
  const setup = {
    run: name,
    config: runSetup(written, firstTokens(models)),
    toolVersion: VERSION,
    instructions,
    comparisons,
    models: [...models.values()].map(toRecord),
    judge,
  };
  const { run, other } = store.transaction(() => {
    const opened = openRun(store, setup);
    if (mustExist && opened.state === 'new') throw notStored(store, name);
    saveMargin(store, opened.run, written.margin);
    return opened;
  });
  if (other !== undefined)
    progress.note(`This is run ${run}: the ${other} of run ${name} in this file is another. Both stay.`);
  return run;
}

type PlannedRun = Pick<ComparisonsContext, 'instructions' | 'models' | 'comparisons'> & {
  readonly identity: JudgeIdentity | undefined;
};

function notStored({ path }: Store, name: string): InputError {
  return new InputError({
    code: 'empty',
    where: `${path}: run ${name}`,
    expected: 'verdicts of this setup and judge',
    found: 'none',
    fix: 'Run `sorted-eval sweep` first.',
  });
}

/** Where config.json decided it, by the model's name. */
function firstTokens(models: ComparisonsContext['models']): Record<string, number> {
  const decided = [...models.values()].flatMap((model) => {
    const id = isFolderModel(model) ? model.manifest.bosTokenId : undefined;
    return id === undefined ? [] : [[model.name, id] as const];
  });
  return Object.fromEntries(decided);
}

function toRecord(model: SweepModel): ModelRecord {
  const { name, keys } = model;
  const subModels = [...keys].map(([exit, subModelKey]) => ({ exit, subModelKey }));
  if (isServedModel(model)) return { ...listedFacts(model), model: name, subModels };
  if (!isFolderModel(model)) return { ...factsOf(model), model: name, subModels };
  const { kind, architecture, precision } = model.manifest;
  return {
    model: name,
    kind,
    layers: architecture.layers,
    precision,
    ...modelSize(model.manifest),
    subModels,
  };
}

function listedFacts({ served }: ServedModel): Omit<ModelRecord, 'model' | 'subModels'> {
  const { kind, layers, precision, parameters, weight_bytes, extra_head_bytes } = served.listed;
  return {
    kind,
    layers,
    precision,
    bodyParameters: parameters.body,
    embeddingParameters: parameters.embedding,
    headParameters: parameters.head,
    extraHeadParameters: parameters.extra_heads,
    weightBytes: weight_bytes,
    extraHeadBytes: extra_head_bytes,
  };
}

/** A model behind a server or in a file shows only its responses; the sweep file may say more. */
function factsOf({ exits, facts = {} }: SweepModel): Omit<ModelRecord, 'model' | 'subModels'> {
  const { kind = 'plain', layers = exits.at(-1)!, parameters } = facts;
  return {
    kind,
    layers,
    precision: 'unknown',
    bodyParameters: parameters?.body ?? null,
    embeddingParameters: parameters?.embedding ?? null,
    headParameters: parameters?.head ?? null,
    extraHeadParameters: parameters?.extraHeads ?? null,
    weightBytes: null,
    extraHeadBytes: null,
  };
}
