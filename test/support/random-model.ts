import { join } from 'node:path';
import { SegmentedModel } from '../../src/engine/session/segmented-model.ts';
import { importCheckpoint } from '../../src/model/folder/import-checkpoint.ts';
import type { Precision } from '../../src/model/quantise/precision.ts';
import { type CheckpointOptions, type RandomCheckpoint, writeRandomCheckpoint } from './random-checkpoint.ts';

export interface RandomModel extends RandomCheckpoint {
  readonly modelFolder: string;
}

export interface ModelOptions extends CheckpointOptions {
  readonly precision?: Precision;
}

/** Writes a random checkpoint into `root` and imports it; `name` tells it from others there. */
export function importRandomModel(root: string, name: string, options: ModelOptions = {}): RandomModel {
  const checkpoint = writeRandomCheckpoint(join(root, `${name}-checkpoint`), options);
  const modelFolder = join(root, name);
  importCheckpoint(checkpoint.folder, modelFolder, { precision: options.precision ?? 'fp32' });
  return { ...checkpoint, modelFolder };
}

export async function openRandomNetwork(root: string, name: string, options: ModelOptions = {}) {
  const model = importRandomModel(root, name, options);
  return { ...model, network: await SegmentedModel.open(model.modelFolder) };
}
