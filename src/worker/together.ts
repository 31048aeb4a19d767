/**
 * Reads sources at the same time and yields their items as they come. When one fails or the reader ends early,
 * `stop` is aborted; what the others finish until they have stopped still comes out, and then the error.
 * @param sources end soon after `stop` is aborted
 * @throws the first error of a source
 */
export async function* together<Item>(
  sources: readonly AsyncGenerator<Item>[],
  stop: AbortController,
): AsyncGenerator<Item> {
  const pending = new Map(sources.map((source) => [source, next(source)]));
  const errors: unknown[] = [];
  try {
    while (pending.size > 0) {
      const { source, result, error } = await Promise.race(pending.values());
      // Goes to the end of the map: of several that are ready the first one comes next.
      pending.delete(source);
      if (!result) {
        errors.push(error);
        stop.abort();
      } else if (!result.done) {
        pending.set(source, next(source));
        yield result.value;
      }
    }
  } finally {
    stop.abort();
    await Promise.allSettled(sources.map((source) => source.return(undefined)));
  }
  if (errors.length > 0) throw errors[0];
}

interface Next<Item> {
  readonly source: AsyncGenerator<Item>;
  /** Missing where the source failed. */
  readonly result?: IteratorResult<Item>;
  readonly error?: unknown;
}

async function next<Item>(source: AsyncGenerator<Item>): Promise<Next<Item>> {
  try {
    return { source, result: await source.next() };
  } catch (error) {
    return { source, error };
  }
}
