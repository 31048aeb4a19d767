import { headOfExit } from '../../model/folder/manifest.ts';
import type { KvCache } from '../cache/kv-cache.ts';
import { prefill } from '../forced/prefill.ts';
import type { SegmentedModel } from '../session/segmented-model.ts';
import { DecodeBatch, type DecodeRow } from './decode-batch.ts';

export interface SpeedSettings {
  readonly batchSize: number;
  /** Timed decode steps. */
  readonly steps: number;
}

export interface TimedDecoding {
  /** Of all rows. */
  readonly tokens: number;
  readonly durationMs: number;
}

/** What timed rows continue: one row of keys and values serves every exit up to the deepest one that was read. */
export interface ReadPrompt {
  readonly promptIds: readonly number[];
  readonly cache: KvCache;
}

/** Untimed steps: the first ones allocate memory. */
export const WARM_UP_STEPS = 4;

/** Reads a prompt up to an exit, once for all that is timed after it. */
export async function readPrompt(
  model: SegmentedModel,
  promptIds: readonly number[],
  deepestExit: number,
): Promise<ReadPrompt> {
  const segments = model.manifest.exits.indexOf(deepestExit) + 1;
  const { cache } = await prefill(model, [promptIds], { segments, from: promptIds.length - 1 });
  return { promptIds, cache };
}

/**
 * Times decoding at one exit with nothing else in flight: the rows of a batch continue one prompt, ends of
 * sequence are ignored, the prefill is not counted.
 * @param batch without rows, and so again afterwards: what it has allocated serves the next timing
 */
export async function timeDecoding(
  model: SegmentedModel,
  { promptIds, cache }: ReadPrompt,
  exit: number,
  { batchSize, steps }: SpeedSettings,
  batch = new DecodeBatch<DecodeRow>(model, batchSize),
): Promise<TimedDecoding> {
  const segments = model.manifest.exits.indexOf(exit) + 1;
  const headFile = headOfExit(model.manifest, exit, 'exit').file;
  const lastToken = promptIds.at(-1)!;
  for (let row = 0; row < batchSize; row++) {
    batch.join({ segments, headFile, length: promptIds.length, lastToken }, cache);
  }
  for (let step = 0; step < WARM_UP_STEPS; step++) await batch.step();
  const startedAt = performance.now();
  for (let step = 0; step < steps; step++) await batch.step();
  const durationMs = performance.now() - startedAt;
  for (const row of [...batch.rows].reverse()) batch.leave(row);
  return { tokens: batchSize * steps, durationMs };
}

/** Reads a prompt and times one exit after it. */
export async function measureDecodeSpeed(
  model: SegmentedModel,
  promptIds: readonly number[],
  exit: number,
  settings: SpeedSettings,
): Promise<TimedDecoding> {
  return timeDecoding(model, await readPrompt(model, promptIds, exit), exit, settings);
}
