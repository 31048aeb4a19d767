/** Work that gets some seconds, and how much of it was done in them. */

import { paceFrom } from './pace.ts';

export interface Time {
  readonly seconds: number;
  readonly signal: AbortSignal;
}

interface Work {
  readonly few: (signal: AbortSignal) => Promise<unknown>;
  readonly all: (signal: AbortSignal) => Promise<unknown>;
  /** Pieces so far. */
  readonly done: () => number;
}

/**
 * Little work, then much of it: opening a model takes the same time for one piece as for thousands, so the two runs tell it
 * from the work.
 * @returns undefined where the time was up before the first, or before anything of the second had ended
 * @throws what the work throws; the signal's reason when it is aborted
 */
export async function timed({ seconds, signal }: Time, { few, all, done }: Work) {
  const short = await within(seconds, signal, few);
  const first = done();
  if (!short.isWhole) return undefined;
  const long = await within(seconds - short.seconds, signal, all);
  const second = done() - first;
  if (!long.isWhole && second === 0) return undefined;
  return {
    isWhole: long.isWhole,
    few: first,
    pace: paceFrom([first, short.seconds], [second, long.seconds]),
  };
}

/** Work that is stopped when its time is up; what it finished counts. */
export async function within(
  seconds: number,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<unknown>,
) {
  const timeUp = AbortSignal.timeout(Math.max(0, Math.ceil(seconds * 1000)));
  const startedAt = performance.now();
  let isWhole = true;
  try {
    await work(AbortSignal.any([signal, timeUp]));
  } catch (error) {
    signal.throwIfAborted();
    if (!timeUp.aborted) throw error;
    isWhole = false;
  }
  // What ends while it stops does not count.
  return { isWhole, seconds: isWhole ? (performance.now() - startedAt) / 1000 : seconds };
}
