import { expect, it } from 'vitest';
import { KvCache } from '../../../src/engine/cache/kv-cache.ts';
import { selectRows } from '../../../src/engine/cache/select-rows.ts';

const SHAPE = { layers: 2, kvHeads: 1, headDim: 1 };

/** A cache whose row r holds the numbers 10 r, 10 r + 1. */
function filled(rows: number): KvCache {
  const cache = new KvCache(SHAPE, rows);
  const data = Float32Array.from(
    { length: rows * 2 },
    (_, index) => 10 * Math.floor(index / 2) + (index % 2),
  );
  const lengths = Array.from({ length: rows }, () => 0);
  cache.append([{ layer: 1, keys: data, values: data.map((value) => -value) }], lengths, 2);
  return cache;
}

it('the first rows are the cache itself; others are copied in the wanted order', () => {
  const cache = filled(3);
  expect(selectRows(cache, [0, 1])).toBe(cache);
  const { capacity, view } = selectRows(cache, [2, 0]);
  expect(capacity).toBe(cache.capacity);
  const { keys, values } = view(1, 2);
  expect(keys.length).toBe(2 * capacity);
  expect([keys[0], keys[1], keys[capacity], keys[capacity + 1]]).toEqual([20, 21, 0, 1]);
  expect([values[1], values[capacity + 1]]).toEqual([-21, -1]);
});
