import { availableParallelism } from 'node:os';
import { availableMemory } from '../core/available-memory.ts';
import type { Progress } from '../core/progress.ts';
import { executionProvider } from '../model/folder/provider.ts';
import { readManifest } from '../model/folder/read-manifest.ts';
import { openBytes } from '../model/folder/sizes/model-size.ts';
import type { Demand } from './jobs/job.ts';
import { type JobInput, type JobItem, type JobName, jobs } from './jobs/jobs.ts';
import { planWorkers, type WorkerPlan } from './plan-workers.ts';
import { runJob } from './run-job.ts';

export interface WorkerOptions {
  /** Worker threads, each with the weights of its own. Default: one per core where memory holds them. */
  readonly workers?: number | undefined;
  readonly progress: Progress;
}

/** `runJob` with workers chosen for each job; a choice that differs from the one before is noted, and so is a batch that shrinks. */
export function jobRunner({ workers: wanted, progress }: WorkerOptions): typeof runJob {
  return async function* runPlanned<Name extends JobName>(
    name: Name,
    input: JobInput<Name>,
    signal?: AbortSignal,
  ): AsyncGenerator<JobItem<Name>> {
    const plan = planFor(jobs[name].demand(input as never), wanted);
    noteChange(progress, plan);
    yield* runJob(name, input, signal, { ...plan, note: progress.note });
  };
}

/** @param wanted `--workers` */
export function planFor({ folders, workerBytes = 0, ...demand }: Demand, wanted?: number): WorkerPlan {
  // Every worker would load the weights onto the one device.
  if (executionProvider() !== 'cpu') return { workers: 1, reason: `the provider is ${executionProvider()}` };
  const weights = folders.map((folder) => openBytes(readManifest(folder)));
  return planWorkers({
    ...demand,
    wanted,
    cores: availableParallelism(),
    workerBytes: weights.reduce((sum, bytes) => sum + bytes, workerBytes),
    freeBytes: availableMemory(),
  });
}

/** Text of the last note on each progress. */
const noted = new WeakMap<Progress, string>();

function noteChange(progress: Progress, { workers, threads, reason }: WorkerPlan): void {
  const each = threads === undefined ? 'all cores' : threads === 1 ? 'one thread' : `${threads} threads`;
  const text = `${workers} ${workers === 1 ? 'worker' : 'workers'} with ${each}`;
  if (noted.get(progress) === text) return;
  noted.set(progress, text);
  progress.note(`${text} (${reason})`);
}
