import { setMaxListeners } from 'node:events';
import { type JobInput, type JobItem, type JobName, jobs } from './jobs/jobs.ts';
import type { Workers } from './plan-workers.ts';
import { runInWorker } from './run-in-worker.ts';
import { sharePieces } from './shared-pieces.ts';
import { together } from './together.ts';

export interface JobWorkers extends Workers {
  /** Gets what was divided otherwise than wanted, as a sentence. */
  readonly note?: (text: string) => void;
}

/** One worker that uses all cores. */
const ONE_WORKER: JobWorkers = { workers: 1 };

/**
 * Runs a job in workers, which share its pieces, and yields its items as they come, in any order unless there is
 * one worker. The job stops when the reader ends early, a worker fails or the signal is aborted; whatever it opened
 * is closed when this returns or throws.
 * @throws the job's error; the signal's reason when it is aborted; the error of a worker that ends
 */
export async function* runJob<Name extends JobName>(
  name: Name,
  input: JobInput<Name>,
  signal?: AbortSignal,
  { workers, threads, note: tell }: JobWorkers = ONE_WORKER,
): AsyncGenerator<JobItem<Name>> {
  signal?.throwIfAborted();
  const { common, pieces, note } = await jobs[name].split(input as never, workers);
  if (note !== undefined) tell?.(note);
  const work = { name, common, threads, pieces: sharePieces(pieces) };
  const stop = new AbortController();
  const either = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal;
  // Each worker listens.
  setMaxListeners(0, either);
  const parts = Array.from({ length: workers }, (_, worker) => runInWorker(work, worker, either));
  yield* together(parts as AsyncGenerator<JobItem<Name>>[], stop);
}
