import { availableMemory, USABLE_SHARE } from '../../core/available-memory.ts';
import { cacheBytes, DEFAULT_MEMORY_MB, megabytes } from '../../engine/cache/memory-budget.ts';
import { executionProvider } from '../../model/folder/provider.ts';
import { readManifest } from '../../model/folder/read-manifest.ts';
import { openBytes } from '../../model/folder/sizes/model-size.ts';
import type { Demand } from './job.ts';
import { tokensAtMost } from './tokens-at-most.ts';

/** A worker's own share beside weights and batch: its heap, tokenizer, and the buffers of its runs. */
export const OWN_BYTES = 200e6;

/** Memory of a job that decodes in batches. */
export interface BatchNeeds {
  /** Model folder. */
  readonly folder: string;
  /** Rows that decode together. */
  readonly batchSize: number;
  /** Of the keys and values of a row, from above. */
  readonly rowBytes: number;
  /** Of keys and values that all workers share. */
  readonly cacheBytes: number;
}

interface BatchSettings {
  readonly maxNewTokens: number;
  readonly batchSize: number;
  readonly memoryMB?: number | undefined;
}

export function batchNeedsOf(
  folder: string,
  prompts: readonly string[],
  { maxNewTokens, batchSize, memoryMB = DEFAULT_MEMORY_MB }: BatchSettings,
): BatchNeeds {
  const { architecture } = readManifest(folder);
  const rowBytes = cacheBytes(architecture, tokensAtMost(prompts, maxNewTokens, architecture));
  return { folder, batchSize, rowBytes, cacheBytes: megabytes(memoryMB) };
}

export function batchDemand({ folder, batchSize, rowBytes, cacheBytes }: BatchNeeds, count: number): Demand {
  return { count, folders: [folder], workerBytes: batchSize * rowBytes, cacheBytes };
}

/** A sentence about batches of `rows` rows; undefined: as many as wanted. */
export function batchNote({ batchSize }: BatchNeeds, rows: number): string | undefined {
  if (rows === batchSize) return undefined;
  return `Memory holds batches of ${rows} rows, not of ${batchSize}: slower, with the same results.`;
}

/**
 * Rows of each worker's batch: those wanted, or as many as memory holds beside the weights, but at least one. A
 * smaller batch is slower and changes no result.
 */
export function fittingBatch(
  { folder, batchSize, rowBytes, cacheBytes }: BatchNeeds,
  workers: number,
  freeBytes = availableMemory(),
): number {
  // Weights are then in the device's memory.
  if (executionProvider() !== 'cpu') return batchSize;
  const share = (freeBytes * USABLE_SHARE - cacheBytes) / workers;
  const rows = Math.floor((share - openBytes(readManifest(folder)) - OWN_BYTES) / rowBytes);
  return Math.max(1, Math.min(batchSize, rows));
}
