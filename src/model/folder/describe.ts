import { join } from 'node:path';
import type { ModelKind } from '../../core/domain.ts';
import { InputError } from '../../core/errors.ts';
import type { Architecture } from '../checkpoint/architecture.ts';
import { openCheckpoint } from '../checkpoint/checkpoint.ts';
import type { CheckpointTensor } from '../checkpoint/checkpoint-tensors.ts';
import type { ExitHeads } from '../checkpoint/tensor-names.ts';
import type { WeightsFile } from '../checkpoint/weights/tensor-place.ts';
import { readWeightsFile } from '../checkpoint/weights/weights-file.ts';
import type { Precision } from '../quantise/precision.ts';
import { decideTokenizer } from '../tokenizer/tokenizer-notes.ts';
import { exitHeadsOf, folderTensors } from './folder-tensors.ts';
import { isModelFolder } from './manifest.ts';
import { readManifest, weightFilesOf } from './read-manifest.ts';

/** What a model folder and a checkpoint have in common. */
export interface ModelDescription {
  readonly form: 'model folder' | 'checkpoint';
  readonly kind: ModelKind;
  readonly architecture: Architecture;
  readonly exits: readonly number[];
  /** Of the graphs' weights; a checkpoint has no graphs yet. */
  readonly precision: Precision | null;
  /** What an import decides, or decided, about unusual files. */
  readonly notes: readonly string[];
  readonly exitHeads: ExitHeads;
  /** By the network's names; those of a quantised folder have names of their own. */
  readonly tensors: ReadonlyMap<string, CheckpointTensor>;
  /** Headers of the weights. */
  readonly files: readonly WeightsFile[];
}

/**
 * Describes a model folder or a checkpoint; weights are not read.
 * @throws InputError when it is neither, or damaged
 */
export function describeModel(folder: string): ModelDescription {
  if (!isModelFolder(folder)) {
    const checkpoint = openCheckpoint(folder);
    const notes = [...checkpoint.notes, ...notesOnTokenizer(checkpoint.folder)];
    return { ...checkpoint, form: 'checkpoint', precision: null, notes };
  }
  const manifest = readManifest(folder);
  const { kind, architecture, exits, precision, notes } = manifest;
  const files = weightFilesOf(manifest).map((name) => readWeightsFile(join(folder, name)));
  const tensors = folderTensors(folder, manifest, files);
  const exitHeads = exitHeadsOf(manifest);
  return { form: 'model folder', kind, architecture, exits, precision, notes, exitHeads, tensors, files };
}

/** A tokenizer that cannot be opened is no matter of the weights; an import refuses it, and so does `doctor`. */
function notesOnTokenizer(checkpoint: string): readonly string[] {
  try {
    return decideTokenizer(checkpoint).notes;
  } catch (error) {
    if (error instanceof InputError) return [];
    throw error;
  }
}
