import { planFor } from '../../../src/worker/job-runner.ts';
import { type JobInput, type JobItem, type JobName, jobs } from '../../../src/worker/jobs/jobs.ts';
import { sharePieces } from '../../../src/worker/shared-pieces.ts';
import { nextMessages, startWorkers } from './bench-workers.ts';
import type { WorkerJob } from './job-worker.ts';
import { timed } from './serve.ts';

export interface TimedJob<Name extends JobName> {
  readonly workers: number;
  /** Opening models and cutting the work into pieces. */
  readonly loadSeconds: number;
  readonly seconds: number;
  /** In any order. */
  readonly items: readonly JobItem<Name>[];
}

/**
 * Runs a job as a sweep does, with as many workers as it would have, but starts the clock when all have opened their
 * models, as for the baselines.
 * @throws the error of a worker
 */
export async function runInWorkers<Name extends JobName>(
  name: Name,
  input: JobInput<Name>,
): Promise<TimedJob<Name>> {
  const { workers, threads } = planFor(jobs[name].demand(input as never));
  const gate = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const opening = await timed(async () => {
    const { common, pieces } = await jobs[name].split(input as never, workers);
    const workerData: WorkerJob = { name, common, threads, gate, pieces: sharePieces(pieces) };
    const started = startWorkers('job-worker.ts', workerData, workers);
    await nextMessages(started);
    return started;
  });
  const working = await timed(() => {
    const done = nextMessages<JobItem<Name>[]>(opening.value);
    Atomics.store(gate, 0, 1);
    Atomics.notify(gate, 0);
    return done;
  });
  const items = working.value.flat();
  return { workers, loadSeconds: opening.seconds, seconds: working.seconds, items };
}
