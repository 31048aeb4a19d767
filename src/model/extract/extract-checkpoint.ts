import { existsSync, mkdirSync, renameSync, rmSync, statfsSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { removeLeftoversOf } from '../../core/leftovers.ts';
import { cannotWrite, folderExists, tooLittleRoom } from './extract-errors.ts';
import { type ExtractSource, openSource } from './extract-source.ts';
import { type PlannedCheckpoint, planExtraction } from './plan-extraction.ts';
import { writeCheckpoint } from './write-checkpoint.ts';

export interface ExtractOptions {
  /** Number of layers; by default every exit of the model, each in a folder `exit-<n>` of its own. */
  readonly exit?: number | undefined;
  /** Of one safetensors file; 5 GB by default. */
  readonly maxShardBytes?: number;
  readonly signal?: AbortSignal;
  /** Called after every piece that was copied, with its bytes and those of all weights. */
  readonly onBytes?: (bytes: number, total: number) => void;
}

/** One checkpoint that was written. */
export interface ExtractedCheckpoint {
  readonly folder: string;
  readonly exit: number;
  /** Names of its safetensors files. */
  readonly files: readonly string[];
  /** Of its weights. */
  readonly bytes: number;
}

export interface Extraction {
  readonly checkpoints: readonly ExtractedCheckpoint[];
  /** Layers of the model that they were taken from. */
  readonly layers: number;
  /** What was decided about unusual exits, keys and files. */
  readonly notes: readonly string[];
}

const MAX_SHARD_BYTES = 5e9;

/**
 * Writes sub-models as ordinary Hugging Face checkpoints: the first layers, the final norm and the exit's head, in the
 * dtype they have, with the tokenizer's files as they are. `out` appears whole or not at all; what a killed extraction
 * left of it is removed.
 * @param source a checkpoint, or a model folder of fp32
 * @throws InputError when the source does not fit or has no such exit, or the folder cannot be written; the
 *   signal's reason when it is aborted
 */
export async function extractCheckpoint(
  source: string,
  out: string,
  { exit, maxShardBytes = MAX_SHARD_BYTES, ...watch }: ExtractOptions = {},
): Promise<Extraction> {
  const opened = openSource(source);
  const planned = planExtraction(opened, exit, maxShardBytes);
  if (existsSync(out)) throw folderExists(out);
  const notes = await writeWhole(opened, planned, out, watch);
  const checkpoints = planned.map(({ exit: layers, subfolder, shards, bytes }) => {
    return { folder: join(out, subfolder), exit: layers, files: shards.map(({ file }) => file), bytes };
  });
  return { checkpoints, layers: opened.architecture.layers, notes: [...new Set(notes)] };
}

type Watch = Pick<ExtractOptions, 'signal' | 'onBytes'>;

async function writeWhole(
  source: ExtractSource,
  planned: readonly PlannedCheckpoint[],
  out: string,
  watch: Watch,
): Promise<string[]> {
  const partial = `${resolve(out)}.partial-${process.pid}`;
  try {
    removeLeftoversOf(dirname(partial), basename(resolve(out)));
    mkdirSync(partial, { recursive: true });
    const notes = await writeAll(source, planned, partial, watch);
    renameSync(partial, out);
    return notes;
  } catch (cause) {
    throw (cause as NodeJS.ErrnoException).syscall ? cannotWrite(out, cause) : cause;
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
}

async function writeAll(
  source: ExtractSource,
  planned: readonly PlannedCheckpoint[],
  folder: string,
  { signal, onBytes }: Watch,
): Promise<string[]> {
  const total = planned.reduce((sum, { bytes }) => sum + bytes, 0);
  requireRoom(folder, total);
  const notes: string[] = [];
  for (const checkpoint of planned) {
    const pieces = writeCheckpoint(source, checkpoint, folder);
    let piece = pieces.next();
    for (; !piece.done; piece = signal?.aborted ? pieces.throw(signal.reason) : pieces.next()) {
      onBytes?.(piece.value, total);
      await setImmediate();
    }
    notes.push(...checkpoint.notes, ...(piece.value as readonly string[]));
  }
  return notes;
}

/** Better than to fill the disk and fail at its end. */
function requireRoom(folder: string, bytes: number): void {
  const { bavail, bsize } = statfsSync(folder);
  if (bytes > bavail * bsize) throw tooLittleRoom(folder, bytes, bavail * bsize);
}
