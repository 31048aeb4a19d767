import { describe, expect, it } from 'vitest';
import { silentProgress } from '../../src/core/progress.ts';
import { inUnits, runStage, type Stage } from '../../src/evaluate/stage.ts';
import { countingProgress } from './trio.ts';

interface Result {
  readonly item: number;
}

/** A stage over the items 0 … 4 that computes two at a time, with what it did in order. */
function stageOver(stored: Iterable<string>, changes: Partial<Stage<number, Result>> = {}) {
  const [keys, events] = [new Set(stored), [] as string[]];
  const stage: Stage<number, Result> = {
    label: 'work',
    items: [0, 1, 2, 3, 4],
    keysOf: (item) => [`k${item}`],
    known: (asked) => new Set(asked.filter((key) => keys.has(key))),
    settle: (known) => events.push(`settle ${known}`),
    async *compute(open) {
      events.push(`compute ${open}`);
      for (let index = 0; index < open.length; index += 2) {
        yield open.slice(index, index + 2).map((item) => ({ item }));
      }
    },
    save: (results) => {
      events.push(`save ${results.map(({ item }) => item)}`);
      for (const { item } of results) keys.add(`k${item}`);
    },
    ...changes,
  };
  return { stage, events, keys };
}

const run = (stage: Stage<number, Result>, signal?: AbortSignal) =>
  runStage(stage, { progress: silentProgress, signal });

describe('a stage', () => {
  it('settles what is stored before it computes the rest, and saves each unit as it comes', async () => {
    const { stage, events } = stageOver(['k1', 'k3']);
    expect(await run(stage)).toEqual({ label: 'work', total: 5, reasons: [] });
    expect(events).toEqual(['settle 1,3', 'compute 0,2,4', 'save 0,2', 'save 4']);
  });

  it('computes nothing the second time', async () => {
    const { stage, events } = stageOver([]);
    await run(stage);
    events.length = 0;
    await run(stage);
    expect(events).toEqual(['settle 0,1,2,3,4']);
  });

  it('computes an item again until all of its results are stored', async () => {
    const keysOf = (item: number) => [`k${item}`, `extra ${item}`];
    const { stage, events } = stageOver(['k0', 'extra 0', 'k1', 'extra 2'], { keysOf, items: [0, 1, 2] });
    await run(stage);
    expect(events).toEqual(['settle 0', 'compute 1,2', 'save 1,2']);
  });

  it('counts on the progress what it saved, beside what was stored', async () => {
    const starts: unknown[] = [];
    const counting = countingProgress();
    const progress = {
      ...counting,
      start: (...args: Parameters<typeof counting.start>) => {
        starts.push(args);
        return counting.start(...args);
      },
    };
    await runStage(stageOver(['k1']).stage, { progress });
    expect(starts).toEqual([['work', 5, 1]]);
    expect(counting.computed).toEqual(new Map([['work', 4]]));
  });

  it('returns why items have no result, saves the others and tries the failed ones again', async () => {
    const failing = async function* (open: readonly number[]) {
      yield open.map((item) => (item % 2 === 0 ? { item } : { error: `no answer to ${item}` }));
    };
    const { stage, events, keys } = stageOver([], { compute: failing });
    expect((await run(stage)).reasons).toEqual(['no answer to 1', 'no answer to 3']);
    expect(events).toEqual(['settle ', 'save 0,2,4']);
    expect([...keys]).toEqual(['k0', 'k2', 'k4']);
    expect((await run(stage)).reasons).toEqual(['no answer to 1', 'no answer to 3']);
  });

  it('keeps the units before an error, and ends its bar', async () => {
    let hasEnded = false;
    const progress = {
      note: () => {},
      start: () => ({
        advance: () => {},
        end: () => {
          hasEnded = true;
        },
      }),
    };
    const breaking = async function* (open: readonly number[]) {
      yield open.slice(0, 2).map((item) => ({ item }));
      throw new Error('out of memory');
    };
    const { stage, events } = stageOver([], { compute: breaking });
    await expect(runStage(stage, { progress })).rejects.toThrow('out of memory');
    expect(events.at(-1)).toBe('save 0,1');
    expect(hasEnded).toBe(true);
  });

  it('hands the signal to what computes', async () => {
    const interrupt = new AbortController();
    const seen: unknown[] = [];
    const watching = async function* (_open: readonly number[], signal?: AbortSignal) {
      seen.push(signal);
      yield [];
    };
    await run(stageOver([], { compute: watching }).stage, interrupt.signal);
    expect(seen).toEqual([interrupt.signal]);
  });
});

async function* counting(count: number, error?: Error) {
  for (let index = 0; index < count; index++) yield index;
  if (error) throw error;
}

describe('units', () => {
  it.each([
    [0, []],
    [3, [[0, 1, 2]]],
    [4, [[0, 1, 2], [3]]],
  ])('of %i items in threes', async (count, expected) => {
    const units = [];
    for await (const unit of inUnits(counting(count), 3)) units.push(unit);
    expect(units).toEqual(expected);
  });

  it('give what came before an error, then the error', async () => {
    const units = inUnits(counting(4, new Error('stopped')), 3);
    expect((await units.next()).value).toEqual([0, 1, 2]);
    expect((await units.next()).value).toEqual([3]);
    await expect(units.next()).rejects.toThrow('stopped');
  });
});
