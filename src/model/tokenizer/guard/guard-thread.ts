/** The guard's thread: runs what a foreign tokenizer.json wants to have run, and may be ended in the middle of it. */
import { workerData } from 'node:worker_threads';
import { type ForeignParts, type OpenedParts, openForeignParts } from './foreign-parts.ts';
import type { GuardCall, GuardReply, GuardSetup } from './guard-calls.ts';

const { port, signal } = workerData as GuardSetup;
const opened = new Map<number, OpenedParts>();

port.on('message', (call: GuardCall) => reply(answerTo(call)));
reply({ value: 'ready' });

function answerTo({ name, tokenizer, input }: GuardCall): GuardReply {
  try {
    if (name === 'open') opened.set(tokenizer, openForeignParts(input as ForeignParts));
    const parts = opened.get(tokenizer)!;
    if (name === 'split') return { value: parts.split(input as string) };
    if (name === 'join') return { value: parts.join(input as string[]) };
    return { value: parts.normalizedAdded };
  } catch (error) {
    return { error: (error as Error).message };
  }
}

/** The caller sleeps until the signal changes. */
function reply(message: GuardReply): void {
  port.postMessage(message);
  Atomics.add(signal, 0, 1);
  Atomics.notify(signal, 0);
}
