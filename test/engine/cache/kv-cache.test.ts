import { describe, expect, it } from 'vitest';
import { KvCache, type LayerCache } from '../../../src/engine/cache/kv-cache.ts';

const SHAPE = { layers: 2, kvHeads: 2, headDim: 3 };

/** New keys and values [1, kvH, step, hd] that tell token, head and part apart. */
function present(firstToken: number, step: number): LayerCache {
  const values = (sign: number) =>
    Float32Array.from({ length: 2 * step * 3 }, (_, i) => {
      const [head, token, part] = [Math.floor(i / (step * 3)), Math.floor(i / 3) % step, i % 3];
      return sign * ((firstToken + token) * 100 + head * 10 + part);
    });
  return { keys: values(1), values: values(-1) };
}

/** First number of each head at a row's position, as `[keys, values]` of head 0, then of head 1. */
function stored(cache: KvCache, layer: number, row: number, position: number): number[] {
  const { keys, values } = cache.view(layer, cache.rows);
  return [0, 1].flatMap((head) => {
    const at = ((row * 2 + head) * cache.capacity + position) * 3;
    return [keys[at]!, values[at]!];
  });
}

describe('KvCache', () => {
  it('keeps every token at its place while it grows', () => {
    const cache = new KvCache(SHAPE, 2);
    cache.append(1, 1, 0, present(1, 60), 0, 60);
    cache.reserve(200);
    cache.append(1, 1, 60, present(61, 5), 0, 5);
    expect(cache.capacity).toBe(256);
    for (const position of [0, 1, 59, 60, 64]) {
      const token = (position + 1) * 100;
      expect(stored(cache, 1, 1, position)).toEqual([token, -token, token + 10, -token - 10]);
    }
    expect(stored(cache, 1, 0, 0)).toEqual([0, 0, 0, 0]);
    expect(stored(cache, 0, 1, 0)).toEqual([0, 0, 0, 0]);
  });

  it('has capacities that are multiples of 64 and never shrink', () => {
    const cache = new KvCache(SHAPE, 1);
    const capacities = [1, 64, 65, 3, 129].map((positions) => {
      cache.reserve(positions);
      return cache.capacity;
    });
    expect(capacities).toEqual([64, 64, 128, 128, 192]);
  });

  it('gives up room that is not needed, keeps every token at its place, and takes no new memory to grow again', () => {
    const cache = new KvCache(SHAPE, 3);
    cache.reserve(300);
    for (const row of [0, 1, 2]) cache.append(1, row, 0, present(row * 1000, 50), 0, 50);
    const { bytes } = cache;
    const capacities = [170, 160, 60, 65, 320].map((positions) => {
      cache.fit(positions, 3);
      for (const row of [0, 1, 2]) {
        const token = (row * 1000 + 49) * 100;
        expect(stored(cache, 1, row, 49)).toEqual([token, -token, token + 10, -token - 10]);
      }
      return cache.capacity;
    });
    expect(capacities).toEqual([320, 320, 64, 128, 320]);
    expect(cache.bytes).toBe(bytes);
  });

  it('copies a row from a cache of another capacity, in the layers asked for only', () => {
    const source = new KvCache(SHAPE, 1);
    source.append(0, 0, 0, present(1, 3), 0, 3);
    source.append(1, 0, 0, present(5, 3), 0, 3);
    const target = new KvCache(SHAPE, 3);
    target.reserve(100);
    target.copyRow(source, 0, 2, 3, 1);
    expect(stored(target, 0, 2, 2)).toEqual([300, -300, 310, -310]);
    expect(stored(target, 1, 2, 2)).toEqual([0, 0, 0, 0]);
    expect(stored(target, 0, 1, 2)).toEqual([0, 0, 0, 0]);
  });

  it('views the first rows without copying', () => {
    const cache = new KvCache(SHAPE, 3);
    const view = cache.view(0, 2);
    expect(view.keys.length).toBe(2 * 2 * cache.capacity * 3);
    cache.append(0, 1, 0, present(1, 1), 0, 1);
    expect(view.keys[2 * cache.capacity * 3]).toBe(100);
  });
});
