/** Calls into a process with a limit of time and memory. They return when it has answered: their callers are synchronous. */
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';
import type { GuardReply, RelaySetup } from './guard-relay.ts';
import { threadFile } from './thread-file.ts';

/** For one call. */
export const MAX_CALL_SECONDS = 5;
const MAX_HEAP_MB = 512;
/** Loading the process's own code, on a busy machine. */
const MAX_START_SECONDS = 60;

interface Running {
  readonly relay: Worker;
  readonly answers: MessagePort;
  readonly signal: Int32Array;
  /** Of the process. */
  pid: number | undefined;
}

/** A process that runs what foreign files want to have run. It is started at its first call and after it was ended. */
export class Guard<Call> {
  readonly #file: URL;
  readonly #what: string;
  #running: Running | undefined;
  #starts = 0;

  /**
   * @param module `import.meta.url` of a file beside the one that the process runs
   * @param name of that file without its ending
   * @param what takes the time, for errors: `patterns`
   */
  constructor(module: string, name: string, what: string) {
    this.#file = threadFile(module, name);
    this.#what = what;
  }

  /** How often it was started: with another number it has forgotten what it was told. Starts it. */
  get starts(): number {
    this.#running ??= this.#start();
    return this.#starts;
  }

  /** @throws Error with the process's message, or for a call over its limits, which ends the process */
  call(call: Call): unknown {
    this.#running ??= this.#start();
    const running = this.#running;
    const before = Atomics.load(running.signal, 0);
    running.answers.postMessage(call);
    return this.#receive(running, before, MAX_CALL_SECONDS);
  }

  #start(): Running {
    const { port1, port2 } = new MessageChannel();
    const signal = new Int32Array(new SharedArrayBuffer(4));
    const relay = new Worker(threadFile(import.meta.url, 'guard-relay'), {
      workerData: { port: port2, signal, file: this.#file.href, maxHeapMB: MAX_HEAP_MB } satisfies RelaySetup,
      transferList: [port2],
    });
    relay.unref();
    const running: Running = { relay, answers: port1, signal, pid: undefined };
    running.pid = this.#receive(running, 0, MAX_START_SECONDS) as number;
    this.#starts++;
    return running;
  }

  #receive(running: Running, before: number, seconds: number): unknown {
    const isThere = Atomics.wait(running.signal, 0, before, seconds * 1000) !== 'timed-out';
    const message = isThere ? receiveMessageOnPort(running.answers)?.message : undefined;
    const reply = (message ?? { ended: true }) as GuardReply;
    if ('value' in reply) return reply.value;
    if ('error' in reply) throw new Error(reply.error);
    this.#end(running);
    throw new Error(`${this.#what} that take more than ${seconds} s or ${MAX_HEAP_MB} MB for one text`);
  }

  #end({ answers, relay, pid }: Running): void {
    this.#running = undefined;
    answers.close();
    void relay.terminate();
    if (pid !== undefined) killIfRunning(pid);
  }
}

function killIfRunning(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}
