import { describe, expect, it } from 'vitest';
import { KvCache } from '../../../src/engine/cache/kv-cache.ts';
import type { PresentKeysValues } from '../../../src/engine/session/layer-session.ts';

const SHAPE = { layers: 2, kvHeads: 2, headDim: 3 };

/**
 * New keys and values [rows, kvH, S, hd] that differ by token, head and part; each row has its own first
 * token.
 */
function present(layer: number, firstTokens: readonly number[], queryLength: number): PresentKeysValues {
  const values = (sign: number) =>
    Float32Array.from({ length: firstTokens.length * 2 * queryLength * 3 }, (_, i) => {
      const row = Math.floor(i / (2 * queryLength * 3));
      const head = Math.floor(i / (queryLength * 3)) % 2;
      const token = Math.floor(i / 3) % queryLength;
      return sign * ((firstTokens[row]! + token) * 100 + head * 10 + (i % 3));
    });
  return { layer, keys: values(1), values: values(-1) };
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
    cache.append([present(1, [901, 1], 60)], [0, 0], 60);
    cache.reserve(200);
    cache.append([present(1, [961, 61], 5)], [60, 60], 5);
    expect(cache.capacity).toBe(256);
    for (const position of [0, 1, 59, 60, 64]) {
      for (const [row, first] of [901, 1].entries()) {
        const token = (position + first) * 100;
        expect(stored(cache, 1, row, position)).toEqual([token, -token, token + 10, -token - 10]);
      }
    }
    expect(stored(cache, 1, 1, 65)).toEqual([0, 0, 0, 0]);
    expect(stored(cache, 0, 1, 0)).toEqual([0, 0, 0, 0]);
  });

  it('has capacities that are multiples of 64, never 0, and never shrink', () => {
    const cache = new KvCache(SHAPE, 1);
    expect(cache.capacity).toBe(64);
    const capacities = [1, 64, 65, 3, 129].map((positions) => {
      cache.reserve(positions);
      return cache.capacity;
    });
    expect(capacities).toEqual([64, 64, 128, 128, 192]);
  });

  it('gives up room that is not needed, keeps every token at its place, and takes no new memory to grow again', () => {
    const cache = new KvCache(SHAPE, 3);
    cache.reserve(300);
    cache.append([present(1, [0, 1000, 2000], 50)], [0, 0, 0], 50);
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

  it('stores new tokens of rows of different lengths, each behind its own', () => {
    const cache = new KvCache(SHAPE, 2);
    cache.append([present(0, [1, 5], 2)], [0, 0], 2);
    cache.append([present(0, [40, 70], 1)], [2, 1], 1);
    expect([0, 1, 2].map((position) => stored(cache, 0, 0, position)[0])).toEqual([100, 200, 4000]);
    expect([0, 1, 2].map((position) => stored(cache, 0, 1, position)[0])).toEqual([500, 7000, 0]);
  });

  it('scatters the new tokens of each row to places of their own', () => {
    const cache = new KvCache(SHAPE, 2);
    cache.scatter(
      [present(1, [1, 5], 2)],
      [
        [9, 4],
        [0, 63],
      ],
    );
    expect([9, 4].map((position) => stored(cache, 1, 0, position))).toEqual([
      [100, -100, 110, -110],
      [200, -200, 210, -210],
    ]);
    expect([0, 63].map((position) => stored(cache, 1, 1, position)[0])).toEqual([500, 600]);
    expect(stored(cache, 1, 0, 5)).toEqual([0, 0, 0, 0]);
  });

  it('writes a block of all layers into one row', () => {
    const cache = new KvCache(SHAPE, 2);
    // [layers, 2, kvH, positions, headDim], numbered
    cache.write(
      1,
      8,
      Float32Array.from({ length: 2 * 2 * 2 * 4 * 3 }, (_, index) => index + 1),
      4,
    );
    expect(stored(cache, 0, 1, 8)).toEqual([1, 25, 13, 37]);
    expect(stored(cache, 1, 1, 9)).toEqual([52, 76, 64, 88]);
    expect(stored(cache, 0, 0, 8)).toEqual([0, 0, 0, 0]);
  });

  it('copies a row from a cache of another capacity, in the layers asked for only', () => {
    const source = new KvCache(SHAPE, 1);
    source.append([present(0, [1], 3), present(1, [5], 3)], [0], 3);
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
    cache.append([present(0, [8, 1], 1)], [0, 0], 1);
    expect(view.keys[2 * cache.capacity * 3]).toBe(100);
  });
});
