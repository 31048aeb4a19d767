/** The time of a try is up. */
export class TimeIsUp extends Error {
  constructor() {
    super('the time is up');
    this.name = 'TimeIsUp';
  }
}

/**
 * Ends an attempt by a clock of its own, whatever the attempt does: `fetch` leaves some promises open for good when it is
 * aborted while it decompresses. The clock also keeps the process alive until then.
 * @param attempt stops, as far as it can, when its signal is aborted
 * @throws TimeIsUp; the signal's reason when it is aborted; what the attempt throws
 */
export function withinTime<T>(
  milliseconds: number,
  signal: AbortSignal,
  attempt: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  const stop = new AbortController();
  return new Promise<T>((resolve, reject) => {
    const fail = (reason: unknown) => {
      release();
      reject(reason);
      stop.abort(reason);
    };
    const onAbort = () => fail(signal.reason);
    const timer = setTimeout(() => fail(new TimeIsUp()), milliseconds);
    const release = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
    };
    signal.addEventListener('abort', onAbort, { once: true });
    attempt(stop.signal).then((value) => {
      release();
      resolve(value);
    }, fail);
  });
}
