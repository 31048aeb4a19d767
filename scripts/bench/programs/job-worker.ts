/** One worker of `in-workers.ts`: opens its models, waits for the start, runs its share of the job. */
import { parentPort, workerData } from 'node:worker_threads';
import { type JobName, jobs } from '../../../src/worker/jobs/jobs.ts';
import { type SharedPieces, takePieces } from '../../../src/worker/shared-pieces.ts';

export interface WorkerJob {
  readonly name: JobName;
  readonly common: unknown;
  readonly pieces: SharedPieces;
  readonly threads: number | undefined;
  /** [1]: 1 as soon as work may start. */
  readonly gate: Int32Array;
}

const { name, common, pieces, threads, gate } = workerData as WorkerJob;
const { signal } = new AbortController();
const items: unknown[] = [];
const share = { pieces: piecesBehindGate(), threads, signal };
for await (const item of jobs[name].run(common as never, share)) items.push(item);
parentPort!.postMessage(items);

/** A job takes its first piece when its models are open. */
function* piecesBehindGate(): Generator<never> {
  parentPort!.postMessage('open');
  Atomics.wait(gate, 0, 0);
  yield* takePieces<never>(pieces);
}
