/**
 * A thread between a caller that sleeps and the process that answers it: what is sent to one side goes on to the other. A process,
 * since a thread that asks for too much memory at once ends the whole program.
 */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type MessagePort, workerData } from 'node:worker_threads';

/** `ended`: the process ended without an answer. */
export type GuardReply = { readonly value: unknown } | { readonly error: string } | { readonly ended: true };

export interface RelaySetup {
  readonly port: MessagePort;
  /** Changes with every reply; the caller sleeps until then. */
  readonly signal: Int32Array;
  /** URL of the file that the process runs. */
  readonly file: string;
  readonly maxHeapMB: number;
}

const { port, signal, file, maxHeapMB } = workerData as RelaySetup;

function reply(message: GuardReply): void {
  port.postMessage(message);
  Atomics.add(signal, 0, 1);
  Atomics.notify(signal, 0);
}

const child = fork(fileURLToPath(file), {
  execArgv: [`--max-old-space-size=${maxHeapMB}`],
  serialization: 'advanced',
  // An end for want of memory would be told on stderr.
  stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
});
// Its first message says that it is ready.
child.once('message', () => {
  child.on('message', (message) => reply(message as GuardReply));
  reply({ value: child.pid });
});
child.once('exit', () => reply({ ended: true }));
port.on('message', (call) => child.send(call));
