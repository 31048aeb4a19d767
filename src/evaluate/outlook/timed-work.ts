/** Work that gets some seconds, and how much of it was done in them. */

import { type Pace, paceFrom, steadyPace, type Timed } from './pace.ts';

export interface Time {
  readonly seconds: number;
  readonly signal: AbortSignal;
}

interface Work {
  /** Each opens what it needs and does more than the one before, from the third on up to `GROWTH` times as much. */
  readonly runs: readonly ((signal: AbortSignal) => Promise<unknown>)[];
  /** Pieces so far. */
  readonly done: () => number;
}

export interface TimedWork {
  readonly pace: Pace;
  /** Runs that ended in time. */
  readonly ended: number;
}

/** How many times as much a run does as the one before: it is begun only if it should end in time. */
export const GROWTH = 4;

/**
 * Little work, then more of it as long as time is left: opening a model takes the same time for one piece as for thousands, so
 * the two last runs tell it from the work.
 * @returns undefined where the time was up before the first had ended, or anything of the second
 * @throws what the work throws; the signal's reason when it is aborted
 */
export async function timed({ seconds, signal }: Time, { runs, done }: Work): Promise<TimedWork | undefined> {
  const took: Timed[] = [];
  let [left, ended, isWhole] = [seconds, 0, true];
  for (const run of runs) {
    const fits = took.length < 2 || GROWTH * took.at(-1)![1] <= left;
    if (!isWhole || !fits) break;
    const before = done();
    const part = await within(left, signal, run);
    isWhole = part.isWhole;
    if (isWhole) ended++;
    if (ended === 0) return undefined;
    const pieces = done() - before;
    // One that found nothing more to do, or ended nothing, tells nothing.
    if (took.length === 0 || pieces > 0) took.push([pieces, part.seconds]);
    left -= part.seconds;
  }
  const [first, second] = took.slice(-2) as [Timed, Timed?];
  if (!second && !isWhole) return undefined;
  return { pace: second ? paceFrom(first, second) : steadyPace(...first), ended };
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
