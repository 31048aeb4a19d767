import type { Sweep } from '../open-sweep.ts';

/**
 * Runs works at the same time, such as one that waits for a server and one that computes here. When one fails, the others
 * are stopped, and what it threw is thrown once they have ended.
 */
export async function sideBySide<Result>(
  sweep: Sweep,
  works: readonly ((sweep: Sweep) => Promise<Result>)[],
): Promise<Result[]> {
  const stop = new AbortController();
  const signal = sweep.signal ? AbortSignal.any([sweep.signal, stop.signal]) : stop.signal;
  const running = works.map((work) => work({ ...sweep, signal }));
  try {
    return await Promise.all(running);
  } catch (error) {
    stop.abort();
    await Promise.allSettled(running);
    throw error;
  }
}
