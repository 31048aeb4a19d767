import { join } from 'node:path';
import { importCheckpoint } from '../../src/model/import.ts';
import { Network } from '../../src/runtime/network.ts';
import { type CheckpointOptions, type RandomCheckpoint, writeRandomCheckpoint } from './random-checkpoint.ts';

export interface RandomModel extends RandomCheckpoint {
  readonly modelFolder: string;
}

/** Writes a random checkpoint into `root` and imports it; `name` tells it from others there. */
export function importRandomModel(root: string, name: string, options: CheckpointOptions = {}): RandomModel {
  const checkpoint = writeRandomCheckpoint(join(root, `${name}-checkpoint`), options);
  const modelFolder = join(root, name);
  importCheckpoint(checkpoint.folder, modelFolder);
  return { ...checkpoint, modelFolder };
}

export async function openRandomNetwork(root: string, name: string, options: CheckpointOptions = {}) {
  const model = importRandomModel(root, name, options);
  return { ...model, network: await Network.open(model.modelFolder) };
}
