import { describe, expect, it } from 'vitest';
import { together } from '../../src/worker/together.ts';

const never = () => new AbortController();

async function* items<Item>(...all: Item[]): AsyncGenerator<Item> {
  yield* all;
}

async function all<Item>(source: AsyncIterable<Item>): Promise<Item[]> {
  const read: Item[] = [];
  for await (const item of source) read.push(item);
  return read;
}

/** Gives `first`; what it holds back comes out when it is stopped, as a worker's finished items do. */
async function* untilStopped(stop: AbortController, first: string, held: string, closed: string[] = []) {
  try {
    yield first;
    if (!stop.signal.aborted)
      await new Promise<void>((resolve) => stop.signal.addEventListener('abort', () => resolve()));
    yield held;
    stop.signal.throwIfAborted();
  } finally {
    closed.push(first);
  }
}

async function* failing(): AsyncGenerator<string> {
  yield await Promise.reject(new Error('the first error'));
}

describe('sources that are read together', () => {
  it('give all their items, each source in its order', async () => {
    const read = await all(together([items(1, 2, 3), items(10, 20), items<number>()], never()));
    expect(read.filter((item) => item < 10)).toEqual([1, 2, 3]);
    expect(read.filter((item) => item >= 10)).toEqual([10, 20]);
  });

  it('take turns: one that always has an item does not keep the others waiting', async () => {
    const read = await all(together([items('a', 'a', 'a', 'a'), items('b', 'b')], never()));
    expect(read.indexOf('b')).toBeLessThan(3);
  });

  it('stop when one fails; what the others had finished still comes out, then the first error', async () => {
    const stop = never();
    const closed: string[] = [];
    const seen: string[] = [];
    const read = async () => {
      for await (const item of together([failing(), untilStopped(stop, 'one', 'held', closed)], stop))
        seen.push(item);
    };
    await expect(read()).rejects.toThrow('the first error');
    expect(seen).toEqual(['one', 'held']);
    expect(closed).toEqual(['one']);
  });

  it('are all closed when the reader ends early', async () => {
    const stop = never();
    const closed: string[] = [];
    const sources = ['one', 'two'].map((name) => untilStopped(stop, name, 'held', closed));
    for await (const _ of together(sources, stop)) break;
    expect(closed.sort()).toEqual(['one', 'two']);
    expect(stop.signal.aborted).toBe(true);
  });
});
