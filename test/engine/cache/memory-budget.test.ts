import { expect, it } from 'vitest';
import { KvCache } from '../../../src/engine/cache/kv-cache.ts';
import { cacheBytes, megabytes } from '../../../src/engine/cache/memory-budget.ts';

it('the bytes of some tokens’ keys and values are those that a cache of them holds', () => {
  const shape = { layers: 3, kvHeads: 2, headDim: 5 };
  const cache = new KvCache(shape, 4);
  expect(cacheBytes(shape, 4 * cache.capacity)).toBe(cache.bytes);
  expect(megabytes(2)).toBe(2_000_000);
});
