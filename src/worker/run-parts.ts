import type { JobInput, JobItem, JobName } from './jobs/jobs.ts';
import { runJob } from './run-job.ts';

/**
 * Runs a job's parts at the same time, each in a worker of its own, and yields their items as they come. If
 * one fails or the reader ends early, the others are stopped.
 * @throws the first error of a part; the signal's reason when it is aborted
 */
export async function* runParts<Name extends JobName>(
  name: Name,
  parts: readonly JobInput<Name>[],
  signal?: AbortSignal,
): AsyncGenerator<JobItem<Name>> {
  const stop = new AbortController();
  const either = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal;
  const jobs = parts.map((part, worker) => runJob(name, part, either, worker));
  const next = async (job: (typeof jobs)[number]) => ({ job, result: await job.next() });
  const pending = new Map(jobs.map((job) => [job, next(job)]));
  try {
    while (pending.size > 0) {
      const { job, result } = await Promise.race(pending.values());
      if (result.done) pending.delete(job);
      else {
        pending.set(job, next(job));
        yield result.value;
      }
    }
  } finally {
    stop.abort();
    await Promise.allSettled(pending.values());
  }
}
