/** Calls into a thread with a limit of time and memory. They return when it has answered: a tokenizer is synchronous. */
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';
import { threadFile } from '../../../core/runtime/thread-file.ts';

export interface GuardCall {
  readonly name: 'open' | 'split' | 'join';
  /** The tokenizer's number. */
  readonly tokenizer: number;
  readonly input: unknown;
}

export type GuardReply = { readonly value: unknown } | { readonly error: string };

export interface GuardSetup {
  readonly port: MessagePort;
  /** Changes with every reply. */
  readonly signal: Int32Array;
}

/** For one call; a stock pattern takes less than a second for a megabyte. */
export const MAX_CALL_SECONDS = 5;
const MAX_HEAP_MB = 512;
/** Loading the thread's own code, on a busy machine. */
const MAX_START_SECONDS = 60;

interface Guard extends GuardSetup {
  readonly worker: Worker;
  /** Tokenizers that it has opened. */
  readonly opened: Set<number>;
}

let running: Guard | undefined;

/**
 * Calls the guard's thread, which is started at its first use and after it was ended, and then opens the tokenizer again.
 * @throws Error with the thread's message, or for a call over its limits, which ends the thread
 */
export function callGuard(call: GuardCall, open: GuardCall): unknown {
  running ??= startGuard();
  const guard = running;
  if (call.name !== 'open' && !guard.opened.has(call.tokenizer)) send(guard, open);
  return send(guard, call);
}

function startGuard(): Guard {
  const { port1, port2 } = new MessageChannel();
  const signal = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(threadFile(import.meta.url, 'guard-thread'), {
    workerData: { port: port2, signal } satisfies GuardSetup,
    transferList: [port2],
    resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB },
  });
  // A thread that ran out of memory says so when the caller, who slept meanwhile, has given it up.
  worker.on('error', () => {});
  worker.unref();
  const guard = { worker, port: port1, signal, opened: new Set<number>() };
  receive(guard, 0, MAX_START_SECONDS);
  return guard;
}

function send(guard: Guard, call: GuardCall): unknown {
  const before = Atomics.load(guard.signal, 0);
  guard.port.postMessage(call);
  const value = receive(guard, before, MAX_CALL_SECONDS);
  if (call.name === 'open') guard.opened.add(call.tokenizer);
  return value;
}

function receive(guard: Guard, before: number, seconds: number): unknown {
  const isThere = Atomics.wait(guard.signal, 0, before, seconds * 1000) !== 'timed-out';
  const reply = isThere ? (receiveMessageOnPort(guard.port)?.message as GuardReply | undefined) : undefined;
  if (reply === undefined) {
    end(guard);
    throw new Error(`patterns that take more than ${seconds} s or ${MAX_HEAP_MB} MB for one text`);
  }
  if ('error' in reply) throw new Error(reply.error);
  return reply.value;
}

function end(guard: Guard): void {
  running = undefined;
  guard.port.close();
  void guard.worker.terminate();
}
