import { on } from 'node:events';
import { MessageChannel } from 'node:worker_threads';
import { inferenceWorker } from './inference-worker.ts';
import { type FromJob, fromSentError, type JobRequest, type ToJob } from './job-messages.ts';
import { countJob } from './running-jobs.ts';

/** Items that one message confirms to the job. */
const TAKEN_AT_ONCE = 64;

/**
 * Runs one worker's part of a job and yields its items as they come. It stops when the reader ends early or the
 * signal is aborted; whatever it opened is closed when this returns or throws.
 * @param worker index of the worker
 * @throws the job's error; the signal's reason when it is aborted; the worker's error if the worker ends
 */
export async function* runInWorker(
  work: Omit<JobRequest, 'port'>,
  worker: number,
  signal: AbortSignal,
): AsyncGenerator<unknown> {
  signal.throwIfAborted();
  const job = startJob(work, worker);
  const countEnd = countJob();
  signal.addEventListener('abort', job.stop, { once: true });
  let isOver = false;
  try {
    let message = await job.next();
    for (; message.type === 'item'; message = await job.next()) {
      yield message.item;
      job.confirm();
    }
    isOver = true;
    if (message.type === 'failed') throw signal.aborted ? signal.reason : fromSentError(message.error);
  } finally {
    signal.removeEventListener('abort', job.stop);
    try {
      if (!isOver) await job.wait();
    } finally {
      job.close();
      countEnd();
    }
  }
}

function startJob(work: Omit<JobRequest, 'port'>, index: number) {
  const { worker, ended } = inferenceWorker(index);
  const { port1: port, port2 } = new MessageChannel();
  // Listens before any message can come, and keeps the process alive while the port is open.
  const inbox = on(port, 'message', { close: ['close'] });
  worker.postMessage({ ...work, port: port2 } satisfies JobRequest, [port2]);
  const send = (message: ToJob) => port.postMessage(message);
  const next = async (): Promise<FromJob> => {
    const { value, done } = await inbox.next();
    return done ? ended() : value[0];
  };
  let unconfirmed = 0;
  return {
    next,
    confirm: () => {
      if (++unconfirmed < TAKEN_AT_ONCE) return;
      send({ type: 'taken', items: unconfirmed });
      unconfirmed = 0;
    },
    stop: () => send({ type: 'stop' }),
    /** Stops the job and drops the items that are under way. */
    wait: async () => {
      send({ type: 'stop' });
      while ((await next()).type === 'item');
    },
    close: () => port.close(),
  };
}
