/** What cost so long is stored, however little it is: a killed run must not pay for it again. */
const LONGEST_WAIT_MS = 5000;

/**
 * Collects items into groups of `size`; the last one, and those of items that come slowly, may be smaller. What came before an error is a group too, and then
 * the error goes on: an interrupted stage stores what it has.
 */
export async function* inBatches<Item>(items: AsyncIterable<Item>, size: number): AsyncGenerator<Item[]> {
  let batch: Item[] = [];
  let lastAt = performance.now();
  try {
    for await (const item of items) {
      batch.push(item);
      if (batch.length < size && performance.now() - lastAt < LONGEST_WAIT_MS) continue;
      const full = batch;
      batch = [];
      lastAt = performance.now();
      yield full;
    }
  } catch (error) {
    if (batch.length > 0) yield batch;
    throw error;
  }
  if (batch.length > 0) yield batch;
}
