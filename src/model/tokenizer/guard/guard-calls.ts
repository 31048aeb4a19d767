import { Guard } from '../../../core/runtime/guard.ts';

export interface GuardCall {
  readonly name: 'open' | 'split' | 'join';
  /** The tokenizer's number. */
  readonly tokenizer: number;
  readonly input: unknown;
}

const guard = new Guard<GuardCall>(import.meta.url, 'guard-process', 'patterns');
/** By tokenizer: the start of the process that has opened it. */
const opened = new Map<number, number>();

/**
 * Calls the guard's process, and opens the tokenizer again where the process was ended meanwhile.
 * @throws Error with the process's message, or for a call over its limits
 */
export function callGuard(call: GuardCall, open: GuardCall): unknown {
  const { starts } = guard;
  if (call.name !== 'open' && opened.get(call.tokenizer) !== starts) guard.call(open);
  const value = guard.call(call);
  opened.set(call.tokenizer, starts);
  return value;
}
