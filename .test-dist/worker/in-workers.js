import { runJob } from './run-job.js';
/**
 * Runs a job's parts at the same time, each in a worker of its own, and gives their items as they come. When one fails, or
 * the reader ends early, the others are stopped.
 * @throws what the first of them threw; the signal's reason when it is aborted
 */
export async function* runParts(name, parts, signal) {
    const stop = new AbortController();
    const either = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal;
    const jobs = parts.map((part, worker) => runJob(name, part, either, worker));
    const next = async (job) => ({ job, result: await job.next() });
    const pending = new Map(jobs.map((job) => [job, next(job)]));
    try {
        while (pending.size > 0) {
            const { job, result } = await Promise.race(pending.values());
            if (result.done)
                pending.delete(job);
            else {
                pending.set(job, next(job));
                yield result.value;
            }
        }
    }
    finally {
        stop.abort();
        await Promise.allSettled(pending.values());
    }
}
