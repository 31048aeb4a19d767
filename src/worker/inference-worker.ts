import { Worker } from 'node:worker_threads';
import { withoutTelemetry } from '../core/runtime/telemetry.ts';
import { threadFile } from '../core/runtime/thread-file.ts';
import { requireAddressSpace } from './address-space.ts';

interface InferenceWorker {
  readonly worker: Worker;
  /** Rejects with what ended the worker, or will end it. */
  readonly ended: () => Promise<never>;
}

const workers = new Map<number, InferenceWorker>();

/**
 * One of the threads that load ONNX Runtime, started at its first use and after it has ended. An idle one
 * does not keep the process alive.
 * @param index 0 unless several workers share a job
 */
export function inferenceWorker(index = 0): InferenceWorker {
  const worker = workers.get(index) ?? startWorker(index);
  workers.set(index, worker);
  return worker;
}

function startWorker(index: number): InferenceWorker {
  requireAddressSpace(workers.size + 1);
  withoutTelemetry();
  const worker = new Worker(threadFile(import.meta.url, 'thread'));
  const failure = new Promise<never>((_, reject) => {
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`the inference worker ended with code ${code}`)));
  });
  failure.catch(() => {
    workers.delete(index);
  });
  worker.unref();
  const ended = () => {
    worker.ref();
    return failure;
  };
  return { worker, ended };
}
