/** The other side of a {@link Guard}: what its process runs, and may be ended in the middle of. */

import { Worker } from 'node:worker_threads';

/** A call that never ends leaves the process deaf to the end of its caller; a thread of its own is not. */
const WATCH = `setInterval(() => process.ppid === ${process.ppid} || process.kill(process.pid, 'SIGKILL'), 1000)`;

/** Answers each call with what `answer` returns, or with the message of what it throws. */
export function answerCalls<Call>(answer: (call: Call) => unknown): void {
  process.on('message', (call: Call) => {
    try {
      process.send!({ value: answer(call) });
    } catch (error) {
      process.send!({ error: (error as Error).message });
    }
  });
  new Worker(WATCH, { eval: true }).unref();
  process.send!('ready');
}
