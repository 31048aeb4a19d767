import { USABLE_SHARE } from '../core/available-memory.ts';
import { OWN_BYTES } from './jobs/batch-needs.ts';

/** How a job is divided. */
export interface Workers {
  readonly workers: number;
  /** Of each worker's runs. Default: one per core. */
  readonly threads?: number | undefined;
}

/** What the number of workers goes by. */
export interface WorkerNeeds {
  /** `--workers`. */
  readonly wanted?: number | undefined;
  readonly cores: number;
  /** Parts that the work can be divided into. */
  readonly count: number;
  /** Of the weights that each worker loads, and of its batch. */
  readonly workerBytes: number;
  /** Of what all workers share. */
  readonly cacheBytes: number;
  readonly freeBytes: number;
}

export interface WorkerPlan extends Workers {
  /** Why this many, in a few words. */
  readonly reason: string;
}

/**
 * One worker for each core, if memory holds the weights once for each; else as many as it holds, at least one,
 * which divide the cores among their threads. A single thread never waits for another at the end of a product,
 * so workers are faster than threads.
 */
export function planWorkers(needs: WorkerNeeds): WorkerPlan {
  const { wanted, cores, count } = needs;
  const fitting = Math.max(1, fittingWorkers(needs));
  const limits: readonly (readonly [limit: number, reason: string])[] = [
    wanted === undefined ? [cores, 'one per core'] : [wanted, 'as --workers demands'],
    wanted === undefined ? [fitting, memoryText(needs)] : [Number.POSITIVE_INFINITY, ''],
    [Math.max(1, count), `no more than ${count} pieces of work`],
  ];
  const [workers, reason] = limits.reduce((least, limit) => (limit[0] < least[0] ? limit : least));
  if (workers === 1) return { workers, reason };
  return { workers, threads: Math.max(1, Math.floor(cores / workers)), reason };
}

function fittingWorkers({ workerBytes, cacheBytes, freeBytes }: WorkerNeeds): number {
  return Math.floor((freeBytes * USABLE_SHARE - cacheBytes) / (workerBytes + OWN_BYTES));
}

function memoryText({ workerBytes, cacheBytes, freeBytes }: WorkerNeeds): string {
  const each = `${gigabytes(workerBytes + OWN_BYTES)} GB for each`;
  const all = `${gigabytes(cacheBytes)} GB for caches that all share`;
  return `memory: ${each} and ${all}, within ${USABLE_SHARE * 100} % of ${gigabytes(freeBytes)} GB free`;
}

const gigabytes = (bytes: number) => (bytes / 1e9).toFixed(1);
