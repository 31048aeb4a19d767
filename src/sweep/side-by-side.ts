import type { Sweep } from './open.ts';

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
  const failures: unknown[] = [];
  const running = works.map(async (work) => {
    try {
      return await work({ ...sweep, signal });
    } catch (error) {
      failures.push(error);
      stop.abort();
      throw error;
    }
  });
  await Promise.allSettled(running);
  if (failures.length > 0) throw failures[0];
  return Promise.all(running);
}
