import { describe, expect, it } from 'vitest';
import { inUnits } from '../../src/evaluate/stage.ts';

async function* counting(count: number, error?: Error) {
  for (let index = 0; index < count; index++) yield index;
  if (error) throw error;
}

describe('batches', () => {
  it.each([
    [0, []],
    [3, [[0, 1, 2]]],
    [4, [[0, 1, 2], [3]]],
  ])('of %i items in threes', async (count, expected) => {
    const batches = [];
    for await (const batch of inUnits(counting(count), 3)) batches.push(batch);
    expect(batches).toEqual(expected);
  });

  it('give what came before an error, then the error', async () => {
    const batches = inUnits(counting(4, new Error('stopped')), 3);
    expect((await batches.next()).value).toEqual([0, 1, 2]);
    expect((await batches.next()).value).toEqual([3]);
    await expect(batches.next()).rejects.toThrow('stopped');
  });
});
