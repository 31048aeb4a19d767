/**
 * Values of promises as they come. The first rejection is thrown in its turn; the others are the caller's to
 * stop, and count as handled.
 */
export async function* inOrderOfFinish<T>(promises: readonly Promise<T>[]): AsyncGenerator<T> {
  const settle: ((promise: Promise<T>) => void)[] = [];
  const slots = promises.map(() => new Promise<T>((resolve) => settle.push(resolve)));
  for (const slot of slots) slot.catch(() => {});
  let finished = 0;
  const take = (promise: Promise<T>) => settle[finished++]!(promise);
  for (const promise of promises) {
    promise.then(
      () => take(promise),
      () => take(promise),
    );
  }
  for (const slot of slots) yield await slot;
}
