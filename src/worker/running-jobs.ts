/**
 * Counts the jobs that run in worker threads. A process that exits while ONNX Runtime computes in one of its threads
 * aborts, so whoever ends the process waits here first.
 */
let running = 0;
let waiting: (() => void)[] = [];

/** @returns what the job calls when its thread has nothing more to do for it */
export function countJob(): () => void {
  running++;
  return () => {
    running--;
    if (running > 0) return;
    for (const resolve of waiting) resolve();
    waiting = [];
  };
}

/** Resolves as soon as no thread computes. */
export function allJobsEnded(): Promise<void> {
  if (running === 0) return Promise.resolve();
  return new Promise((resolve) => {
    waiting.push(resolve);
  });
}
