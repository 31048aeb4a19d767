import { statfsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { MERGED_FILE, mergedBytes, writeMerged } from '../../adapter/write-merged.ts';
import type { Checkpoint } from '../../checkpoint/checkpoint.ts';
import type { CheckpointTensor } from '../../checkpoint/checkpoint-tensors.ts';
import { readSafetensorsHeader } from '../../checkpoint/safetensors.ts';
import type { WeightsFile } from '../../checkpoint/weights/tensor-place.ts';
import type { Precision } from '../../quantise/precision.ts';
import {
  bytesToQuantise,
  bytesWhenQuantised,
  quantisedFiles,
  writeQuantised,
} from '../../quantise/write-quantised.ts';
import { folderTensors, foreignFileName } from '../folder-tensors.ts';
import { copyRefused, megabytes, tooLittleRoom } from '../import-errors.ts';
import { copyFile, isLinked } from './link-or-copy.ts';

/** A piece of long work on weights. */
export interface WeightsStep {
  readonly work: 'Copying weights' | 'Merging the adapter' | 'Quantising weights';
  readonly bytes: number;
  /** Of the whole work. */
  readonly total: number;
}

export interface PlaceOptions {
  readonly precision: Precision;
  /** Refuse to copy weights that cannot be linked. */
  readonly linkOnly?: boolean | undefined;
  /** Called with a line about what takes room, before it does. */
  readonly onNote?: ((line: string) => void) | undefined;
}

/** The weights of a folder that is being written. */
export interface WrittenWeights {
  /** Names of their files. */
  readonly files: readonly string[];
  /** Where each tensor lies, by the network's names. */
  readonly tensors: ReadonlyMap<string, CheckpointTensor>;
  /** See `collectTensors`. */
  readonly merged?: string;
}

/**
 * Puts the weights into a model folder. At fp32 the checkpoint's own files are linked, or copied where they cannot be,
 * and what an adapter changes is written beside them; otherwise a quantised copy is written.
 * @throws InputError `not-writable` before anything is copied or written that has no room
 */
export function* placeWeights(
  checkpoint: Checkpoint,
  folder: string,
  options: PlaceOptions,
): Generator<WeightsStep, WrittenWeights> {
  const { precision } = options;
  if (precision === 'fp32') return yield* linkWeights(checkpoint, folder, options);
  requireRoom(folder, bytesWhenQuantised(checkpoint, precision));
  const total = bytesToQuantise(checkpoint);
  for (const bytes of writeQuantised(checkpoint, folder, precision)) {
    yield { work: 'Quantising weights', bytes, total };
  }
  const files = quantisedFiles(checkpoint, folder);
  const tensors = folderTensors(folder, { ...shapeOf(checkpoint), precision, heads: [] }, files);
  return { files: files.map(({ path }) => basename(path)), tensors };
}

/** What model.json says about the network. */
export function shapeOf({ kind, architecture, exits, exitHeads, foreignHeads }: Checkpoint) {
  const own = { heads: [...exitHeads.heads], norms: [...exitHeads.norms] };
  return { kind, architecture, exits: [...exits], ...(foreignHeads && { exitHeads: own }) };
}

/** The checkpoint's own files under their names; those of foreign heads, which may be any, under names of ours. */
function* linkWeights(
  checkpoint: Checkpoint,
  folder: string,
  options: PlaceOptions,
): Generator<WeightsStep, WrittenWeights> {
  const { files, foreignHeads, tensors } = checkpoint;
  const foreign = foreignHeads?.files ?? [];
  const names = new Map([
    ...files.map(({ path }) => [path, basename(path)] as const),
    ...foreign.map(({ path }, index) => [path, foreignFileName(index, path)] as const),
  ]);
  const unlinked = [...files, ...foreign].filter(
    ({ path }) => !isLinked(path, join(folder, names.get(path)!)),
  );
  checkCopies(checkpoint, unlinked, folder, options);
  for (const { path } of unlinked) {
    for (const bytes of copyFile(path, join(folder, names.get(path)!))) {
      yield { work: 'Copying weights', bytes, total: sizeOf(unlinked) };
    }
  }
  // What an adapter changes may lie in its own file, which stays where it is.
  const unchanged = [...tensors].filter(([name]) => !checkpoint.changes.has(name));
  const linked = unchanged.map(([name, tensor]) => {
    return [name, { ...tensor, file: join(folder, names.get(tensor.file)!) }] as const;
  });
  const placed = { files: [...names.values()], tensors: new Map(linked) };
  return checkpoint.changes.size === 0 ? placed : yield* mergeInto(placed, checkpoint, folder);
}

function checkCopies(
  checkpoint: Checkpoint,
  unlinked: readonly WeightsFile[],
  folder: string,
  { linkOnly = false, onNote }: PlaceOptions,
): void {
  if (unlinked.length > 0 && linkOnly) throw copyRefused(folder, unlinked);
  const free = requireRoom(folder, sizeOf(unlinked) + mergedBytes(checkpoint));
  if (unlinked.length > 0) onNote?.(noteOnCopies(sizeOf(unlinked), free));
}

/** Writes what an adapter changes, which stands in for what the base has there. */
function* mergeInto(
  { files, tensors }: WrittenWeights,
  checkpoint: Checkpoint,
  folder: string,
): Generator<WeightsStep, WrittenWeights> {
  const total = mergedBytes(checkpoint);
  for (const bytes of writeMerged(checkpoint, folder)) yield { work: 'Merging the adapter', bytes, total };
  const { path, tensors: merged } = readSafetensorsHeader(join(folder, MERGED_FILE));
  const changed = [...merged].map(
    ([name, place]) => [name, { ...place, file: path } as CheckpointTensor] as const,
  );
  return { files: [...files, MERGED_FILE], tensors: new Map([...tensors, ...changed]), merged: MERGED_FILE };
}

const sizeOf = (files: readonly WeightsFile[]) => files.reduce((sum, { fileBytes }) => sum + fileBytes, 0);

/** @returns the free bytes */
function requireRoom(folder: string, needed: number): number {
  const { bavail, bsize } = statfsSync(folder);
  const free = bavail * bsize;
  if (needed > free) throw tooLittleRoom(folder, needed, free);
  return free;
}

function noteOnCopies(bytes: number, free: number): string {
  return `the weights cannot be linked here (another file system, or another user’s files): ${megabytes(bytes)} are copied, ${megabytes(free)} are free`;
}
