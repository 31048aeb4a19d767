import { describe, expect, it } from 'vitest';
import { BlockRows } from '../../../src/engine/cache/block-rows.ts';
import { cacheBytes } from '../../../src/engine/cache/memory-budget.ts';
import { BLOCK_TOKENS, type Block } from '../../../src/engine/cache/prefix-block.ts';

const SHAPE = { layers: 1, kvHeads: 1, headDim: 1 };

const block = (key: string, parent?: Block): Block => ({
  ...{ key, parent, serial: 0, pins: 1, lastRead: 0 },
  start: parent ? parent.start + BLOCK_TOKENS : 0,
  data: new Float32Array(2 * BLOCK_TOKENS).fill(key.charCodeAt(0)),
  hidden: new Float32Array(1),
});

/** The first stored key of each block of a row, as letters. */
function stored(rows: BlockRows, row: number, blocks: number): string {
  const { cache } = rows;
  const { keys } = cache.view(0, cache.rows);
  return Array.from({ length: blocks }, (_, index) =>
    String.fromCharCode(keys[row * cache.capacity + index * BLOCK_TOKENS]!),
  ).join('');
}

describe('the rows in which blocks are read', () => {
  it('are as many as the budget has room for, but no fewer than are needed', () => {
    const rowBytes = cacheBytes(SHAPE, 64);
    expect(new BlockRows(SHAPE, 5 * rowBytes, 1).cache.rows).toBe(5);
    expect(new BlockRows(SHAPE, 1, 8).cache.rows).toBe(8);
    expect(new BlockRows(SHAPE, 1e9, 1).cache.rows).toBe(32);
  });

  it('grow for longer prompts', () => {
    const rows = new BlockRows(SHAPE, 1e6, 1);
    rows.reset(100);
    expect(rows.cache.capacity).toBe(128);
    rows.reset(3);
    expect(rows.cache.capacity).toBe(128);
  });

  it('hold what comes before the block that is placed in them, without copying where it is there already', () => {
    const rows = new BlockRows(SHAPE, 1e6, 1);
    rows.reset(64);
    const [a, b] = [block('a'), block('b')];
    for (const [row, first] of rows.place([a, b], 0).entries()) rows.extend(row, first);
    const [c, d, e] = [block('c', b), block('d', a), block('e', a)];
    const placed = rows.place([c, d, e], BLOCK_TOKENS);
    // Row 0 holds a, row 1 holds b: d and c are placed there, and e in a row into which a is copied.
    expect(placed.map(({ key }) => key)).toEqual(['d', 'c', 'e']);
    for (const [row, next] of placed.entries()) rows.extend(row, next);
    expect([0, 1, 2].map((row) => stored(rows, row, 2))).toEqual(['ad', 'bc', 'ae']);
  });

  it('are empty for the next prompts', () => {
    const rows = new BlockRows(SHAPE, 1e6, 1);
    const [a, b] = [block('a'), block('b')];
    for (const [row, first] of rows.place([a, b], 0).entries()) rows.extend(row, first);
    rows.reset(16);
    const c = block('c', b);
    expect(rows.place([c], BLOCK_TOKENS)).toEqual([c]);
    expect(stored(rows, 0, 1)).toBe('b');
  });
});
