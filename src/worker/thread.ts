/**
 * The worker: inference blocks this thread while the store, the display and requests to servers run in the
 * main one.
 */
import { type MessagePort, parentPort } from 'node:worker_threads';
import { type FromJob, type JobRequest, type ToJob, toSentError } from './job-messages.ts';
import { jobs } from './jobs/jobs.ts';
import { takePieces } from './shared-pieces.ts';

/** A job waits while it is this many items ahead of its reader. */
const MAX_UNTAKEN = 256;

parentPort!.on('message', ({ name, common, pieces, threads, port }: JobRequest) => {
  const share = { pieces: takePieces<never>(pieces), threads };
  void serve(port, (signal) => jobs[name].run(common as never, { ...share, signal }));
});

async function serve(
  port: MessagePort,
  start: (signal: AbortSignal) => AsyncIterable<unknown>,
): Promise<void> {
  const send = (message: FromJob) => port.postMessage(message);
  const stop = new AbortController();
  const reader = follow(port, stop);
  try {
    for await (const item of start(stop.signal)) {
      send({ type: 'item', item });
      await reader.keepsUp();
    }
    send({ type: 'end' });
  } catch (error) {
    send({ type: 'failed', error: toSentError(error) });
  }
}

/** Counts the items that the reader has not taken yet. */
function follow(port: MessagePort, stop: AbortController): { keepsUp(): Promise<void> } {
  let untaken = 0;
  let goOn = () => {};
  port.on('message', (message: ToJob) => {
    if (message.type === 'stop') stop.abort();
    else untaken -= message.items;
    goOn();
  });
  return {
    keepsUp: async () => {
      untaken++;
      while (untaken >= MAX_UNTAKEN && !stop.signal.aborted) {
        await new Promise<void>((resolve) => {
          goOn = resolve;
        });
      }
    },
  };
}
