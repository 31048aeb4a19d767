/** The messages between the main thread and a worker. */
import type { MessagePort } from 'node:worker_threads';
import { InputError, type InputProblem } from '../core/errors.ts';
import type { JobName } from './jobs/jobs.ts';
import type { SharedPieces } from './shared-pieces.ts';

/** Starts a job; all later messages go through the job's own port. */
export interface JobRequest {
  readonly name: JobName;
  /** What all workers of the job need. */
  readonly common: unknown;
  /** Shared with the job's other workers. */
  readonly pieces: SharedPieces;
  /** Of one run. Default: one per core. */
  readonly threads: number | undefined;
  readonly port: MessagePort;
}

/** `taken`: the reader has used this many more items. */
export type ToJob = { readonly type: 'taken'; readonly items: number } | { readonly type: 'stop' };

export type FromJob =
  | { readonly type: 'item'; readonly item: unknown }
  | { readonly type: 'end' }
  | { readonly type: 'failed'; readonly error: SentError };

/** Classes do not cross between threads, and a cause may be anything. */
export type SentError =
  | { readonly kind: 'input'; readonly problem: InputProblem }
  | { readonly kind: 'other'; readonly name: string; readonly message: string; readonly stack: string };

export function toSentError(error: unknown): SentError {
  if (error instanceof InputError) {
    const { code, where, expected, found, fix } = error;
    return { kind: 'input', problem: { code, where, expected, found, fix } };
  }
  if (!(error instanceof Error)) return { kind: 'other', name: 'Error', message: String(error), stack: '' };
  const { name, message, stack = `${name}: ${message}` } = error;
  return { kind: 'other', name, message, stack };
}

/** The error on this side of the thread, with its stack of the other side. */
export function fromSentError(sent: SentError): Error {
  if (sent.kind === 'input') return new InputError(sent.problem);
  const { name, message, stack } = sent;
  return Object.assign(new Error(message), { name, stack });
}
