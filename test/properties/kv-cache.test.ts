import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KvCache } from '../../src/engine/cache/kv-cache.ts';
import type { KeysValues } from '../../src/engine/session/step-input.ts';
import { check } from './check.ts';

const SHAPE = { layers: 2, kvHeads: 2, headDim: 3 };
const { layers: LAYERS, kvHeads: HEADS, headDim: PARTS } = SHAPE;
const ROWS = 3;

/** Layer, row, head and position → the key and the value there, in one array: the cache without its memory. */
class PlainCache {
  readonly stored = new Map<string, readonly number[]>();

  set(layer: number, row: number, head: number, position: number, numbers: readonly number[]): void {
    this.stored.set([layer, row, head, position].join(' '), numbers);
  }

  get(layer: number, row: number, head: number, position: number): readonly number[] | undefined {
    return this.stored.get([layer, row, head, position].join(' '));
  }

  /** Forgets rows and positions that a change of the capacity need not keep. */
  keep(rows: number, capacity: number): void {
    for (const place of this.stored.keys()) {
      const [, row, , position] = place.split(' ').map(Number);
      if (row! >= rows || position! >= capacity) this.stored.delete(place);
    }
  }
}

/** Both caches get what one operation says, and must then agree. */
interface Pair {
  readonly cache: KvCache;
  readonly plain: PlainCache;
}
type Operation = (pair: Pair) => void;

/** Key and value of a token's head: numbers that occur nowhere else. */
function numbersOf(seed: number, head: number, token: number): number[] {
  return Array.from({ length: 2 * PARTS }, (_, part) => (seed * 1000 + token) * 20 + head * 10 + part);
}

/** [batch, kvH, count, headDim] each, the same in every row. */
function presentOf(seed: number, count: number, batch = 1): KeysValues {
  const part = (from: number) =>
    Float32Array.from({ length: batch * HEADS * count * PARTS }, (_, index) => {
      const token = Math.floor(index / PARTS) % count;
      const head = Math.floor(index / (count * PARTS)) % HEADS;
      return numbersOf(seed, head, token)[from + (index % PARTS)]!;
    });
  return { keys: part(0), values: part(PARTS) };
}

const layer = fc.nat(LAYERS - 1);
const row = fc.nat(ROWS - 1);
const position = fc.nat(150);
const count = fc.integer({ min: 1, max: 60 });
const seed = fc.nat(400);
const heads = Array.from({ length: HEADS }, (_, head) => head);
const tokensOf = (count: number) => Array.from({ length: count }, (_, token) => token);

/** For the first rows of the cache the number of tokens that each holds. */
const lengths = fc.array(position, { minLength: 1, maxLength: ROWS });

const append = fc.record({ layer, lengths, count, seed }).map(
  ({ layer, lengths, count, seed }): Operation =>
    ({ cache, plain }) => {
      cache.reserve(Math.max(...lengths) + count);
      cache.append([{ layer, ...presentOf(seed, count, lengths.length) }], lengths, count);
      for (const [row, length] of lengths.entries())
        for (const head of heads)
          for (const token of tokensOf(count))
            plain.set(layer, row, head, length + token, numbersOf(seed, head, token));
    },
);

/** For the first rows of the cache the places of their new tokens, as many in each. */
const places = fc.integer({ min: 1, max: 5 }).chain((length) =>
  fc.array(fc.uniqueArray(position, { minLength: length, maxLength: length }), {
    minLength: 1,
    maxLength: ROWS,
  }),
);

const scatter = fc.record({ layer, places, seed }).map(
  ({ layer, places, seed }): Operation =>
    ({ cache, plain }) => {
      cache.reserve(Math.max(...places.flat()) + 1);
      cache.scatter([{ layer, ...presentOf(seed, places[0]!.length, places.length) }], places);
      for (const [row, positions] of places.entries())
        for (const head of heads)
          for (const [token, position] of positions.entries())
            plain.set(layer, row, head, position, numbersOf(seed, head, token));
    },
);

/** All layers of a row; each layer's numbers have a seed of their own. */
const write = fc.record({ row, position, count, seed }).map(
  ({ row, position, count, seed }): Operation =>
    ({ cache, plain }) => {
      cache.reserve(position + count);
      const layers = tokensOf(LAYERS).map((layer) => presentOf(seed + layer, count));
      const data = layers.flatMap(({ keys, values }) => [...keys, ...values]);
      cache.write(row, position, Float32Array.from(data), count);
      for (const layer of tokensOf(LAYERS))
        for (const head of heads)
          for (const token of tokensOf(count))
            plain.set(layer, row, head, position + token, numbersOf(seed + layer, head, token));
    },
);

const reserve = fc.nat(300).map(
  (positions): Operation =>
    ({ cache }) =>
      cache.reserve(positions),
);

const fit = fc.record({ positions: fc.nat(300), rows: fc.integer({ min: 1, max: ROWS }) }).map(
  ({ positions, rows }): Operation =>
    ({ cache, plain }) => {
      const { capacity } = cache;
      cache.fit(positions, rows);
      if (cache.capacity !== capacity) plain.keep(rows, cache.capacity);
    },
);

const copyRow = fc.record({ from: row, to: row, count, layers: fc.integer({ min: 1, max: LAYERS }) }).map(
  ({ from, to, count, layers }): Operation =>
    ({ cache, plain }) => {
      cache.copyRow(cache, from, to, count, layers);
      for (const layer of tokensOf(layers))
        for (const head of heads)
          for (const position of tokensOf(count)) {
            const numbers = plain.get(layer, from, head, position);
            if (numbers) plain.set(layer, to, head, position, numbers);
            else plain.stored.delete([layer, to, head, position].join(' '));
          }
    },
);

const operations = fc.array(fc.oneof(append, scatter, write, reserve, fit, copyRow), { maxLength: 12 });

/** What the cache holds where the plain one holds something. */
function heldBy(cache: KvCache, place: string): number[] {
  const [layer, row, head, position] = place.split(' ').map(Number);
  const { keys, values } = cache.view(layer!, ROWS);
  const at = ((row! * HEADS + head!) * cache.capacity + position!) * PARTS;
  return [...keys.subarray(at, at + PARTS), ...values.subarray(at, at + PARTS)];
}

describe('a cache of keys and values', () => {
  it('holds what plain arrays hold, whatever is stored, moved and resized', () => {
    check(operations, (operations) => {
      const pair = { cache: new KvCache(SHAPE, ROWS), plain: new PlainCache() };
      for (const operation of operations) operation(pair);
      for (const [place, numbers] of pair.plain.stored) expect(heldBy(pair.cache, place)).toEqual(numbers);
    });
  });
});
