import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KvCache } from '../../src/engine/cache/kv-cache.ts';
import { BLOCK_TOKENS, type Block, blockBytes, blockKey } from '../../src/engine/cache/prefix-block.ts';
import { type CachedPrompt, PrefixCache } from '../../src/engine/cache/prefix-cache.ts';
import { check } from './check.ts';

const SHAPE = { layers: 1, kvHeads: 1, headDim: 2 };
/** Keys and values of one block. */
const FLOATS = BLOCK_TOKENS * SHAPE.headDim;

/** A prompt is its blocks; prompts that begin with the same blocks share them. */
const prompt = fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 4 });
const step = fc.oneof(
  { weight: 2, arbitrary: fc.record({ read: prompt }) },
  { weight: 1, arbitrary: fc.record({ release: fc.nat(20) }) },
);
const steps = fc.array(step, { maxLength: 30 });
/** Room for this many blocks. */
const budget = fc.nat(8);

/** What a model would compute for the last block of a prefix: numbers that no other prefix has. */
const numberOf = (prefix: readonly number[]) => Number(prefix.join(''));

/** Reads a prompt as `prefixPrefill` does: finds each block or computes it. */
function read(cache: PrefixCache, blocks: readonly number[]): CachedPrompt {
  cache.startRead();
  const path: Block[] = [];
  for (const [index, id] of blocks.entries()) {
    const parent = path.at(-1);
    const key = blockKey(0, parent, [id]);
    const number = numberOf(blocks.slice(0, index + 1));
    const data = new Float32Array(2 * FLOATS).fill(number);
    const hidden = Float32Array.of(number);
    path.push(cache.pin(key) ?? cache.add({ key, parent, start: index * BLOCK_TOKENS, data, hidden }));
  }
  return { ids: blocks, path };
}

/** The keys that a row holds after the prompt was loaded. */
function loadedKeys(cache: PrefixCache, prompt: CachedPrompt): number[] {
  const row = new KvCache(SHAPE, 1);
  cache.load(prompt, row, 0);
  return [...row.view(0, 1).keys.subarray(0, prompt.path.length * FLOATS)];
}

/** Calls `look` after each step with the prompts that were read and not released. */
function follow(
  steps: readonly ({ read: number[] } | { release: number })[],
  cache: PrefixCache,
  look: (open: readonly CachedPrompt[]) => void,
): CachedPrompt[] {
  const open: CachedPrompt[] = [];
  for (const step of steps) {
    if ('read' in step) open.push(read(cache, step.read));
    else for (const prompt of open.splice(step.release % (open.length + 1), 1)) cache.release(prompt);
    look(open);
  }
  return open;
}

const BLOCK_BYTES = blockBytes({ data: new Float32Array(2 * FLOATS), hidden: new Float32Array(1) });
const cacheFor = (blocks: number) => new PrefixCache(SHAPE, 2 * blocks * BLOCK_BYTES, 1);
const blockBytesOf = (cache: PrefixCache) => cache.bytes - cache.rows.bytes;

describe('a cache of prefixes', () => {
  it('gives every open prompt the keys of its own prefixes, whatever was read and dropped before', () => {
    check(fc.tuple(steps, budget), ([steps, budget]) => {
      const cache = cacheFor(budget);
      follow(steps, cache, (open) => {
        for (const prompt of open) {
          const plain = prompt.path.flatMap((_, index) =>
            Array.from({ length: FLOATS }, () => numberOf(prompt.ids.slice(0, index + 1))),
          );
          expect(loadedKeys(cache, prompt)).toEqual(plain);
        }
      });
    });
  });

  it('stores a prefix once for all open prompts that begin with it', () => {
    check(fc.tuple(steps, budget), ([steps, budget]) => {
      follow(steps, cacheFor(budget), (open) => {
        const blocks = new Set(open.flatMap(({ path }) => path));
        const prefixes = open.flatMap(({ ids }) => ids.map((_, index) => numberOf(ids.slice(0, index + 1))));
        expect(blocks.size).toBe(new Set(prefixes).size);
      });
    });
  });

  it('takes no more than its budget, or what open prompts hold', () => {
    check(fc.tuple(steps, budget), ([steps, budget]) => {
      const cache = cacheFor(budget);
      follow(steps, cache, (open) => {
        const held = new Set(open.flatMap(({ path }) => path)).size;
        expect(blockBytesOf(cache)).toBeLessThanOrEqual(Math.max(budget, held) * BLOCK_BYTES);
        expect(blockBytesOf(cache)).toBeGreaterThanOrEqual(held * BLOCK_BYTES);
      });
    });
  });

  it('holds nothing a few reads after the last prompt was released', () => {
    check(fc.tuple(steps, budget), ([steps, budget]) => {
      const cache = cacheFor(budget);
      for (const prompt of follow(steps, cache, () => {})) cache.release(prompt);
      for (let reads = 0; reads < 3; reads++) cache.startRead();
      expect(blockBytesOf(cache)).toBe(0);
    });
  });
});
