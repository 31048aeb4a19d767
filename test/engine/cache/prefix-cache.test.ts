import { beforeEach, describe, expect, it } from 'vitest';
import { KvCache } from '../../../src/engine/cache/kv-cache.ts';
import { BLOCK_TOKENS, type Block, blockKey } from '../../../src/engine/cache/prefix-block.ts';
import { PrefixCache } from '../../../src/engine/cache/prefix-cache.ts';
import { prefillWithPrefixCache } from '../../../src/engine/cache/prefix-prefill.ts';
import { fakeFullDepthModel } from '../../support/fake-models.ts';

const SHAPE = { layers: 1, kvHeads: 1, headDim: 1 };
const BLOCK_BYTES = (2 * BLOCK_TOKENS + 1) * 4;
let prefixes: PrefixCache;

beforeEach(() => {
  prefixes = new PrefixCache(SHAPE, 1e6, 1);
});

function add(parent: Block | undefined, first: number, to = prefixes): Block {
  const ids = [first];
  const start = parent ? parent.start + BLOCK_TOKENS : 0;
  const data = new Float32Array(2 * BLOCK_TOKENS).fill(first);
  return to.add({ key: blockKey(0, parent, ids), parent, start, data, hidden: Float32Array.of(first) });
}
const release = (...path: Block[]) => prefixes.release({ ids: [], path });

describe('the key of a block', () => {
  it('differs by its tokens, by what comes before it and by the rotation', () => {
    const first = add(undefined, 1);
    const keys = [
      blockKey(0, undefined, [1, 2]),
      blockKey(0, undefined, [12]),
      blockKey(5, undefined, [1, 2]),
      blockKey(0, first, [1, 2]),
    ];
    expect(new Set(keys).size).toBe(4);
  });

  it('finds no block behind one that was dropped and read again', () => {
    const first = add(undefined, 1);
    const behind = blockKey(0, first, [2]);
    expect(blockKey(0, { ...add(undefined, 1) }, [2])).not.toBe(behind);
  });
});

describe('a prefix cache', () => {
  it('finds the blocks that were added, and no others', () => {
    const first = add(undefined, 1);
    expect(prefixes.pin(blockKey(0, undefined, [1]))).toBe(first);
    expect(prefixes.pin(blockKey(0, undefined, [2]))).toBeUndefined();
  });

  it('counts the bytes of its blocks', () => {
    const before = prefixes.bytes;
    add(add(undefined, 1), 2);
    expect(prefixes.bytes - before).toBe(2 * BLOCK_BYTES);
  });

  it('drops blocks that no prompt waits for once two reads have passed without them', () => {
    prefixes.startRead();
    const kept = add(undefined, 1);
    const unused = add(undefined, 2);
    release(kept, unused);
    for (let read = 0; read < 2; read++) {
      prefixes.startRead();
      release(prefixes.pin(kept.key)!);
      expect(prefixes.bytes - prefixes.rows.bytes).toBe(2 * BLOCK_BYTES);
    }
    prefixes.startRead();
    expect(prefixes.bytes - prefixes.rows.bytes).toBe(BLOCK_BYTES);
    expect(prefixes.pin(unused.key)).toBeUndefined();
  });

  it('keeps blocks that a prompt waits for, whatever they take, and drops a child before its parent', () => {
    const small = new PrefixCache(SHAPE, 2 * BLOCK_BYTES, 1);
    const parent = add(undefined, 1, small);
    const child = add(parent, 2, small);
    const other = add(undefined, 3, small);
    expect(small.bytes - small.rows.bytes).toBe(3 * BLOCK_BYTES);
    small.release({ ids: [], path: [other] });
    small.release({ ids: [], path: [parent, child] });
    expect(small.pin(other.key)).toBeUndefined();
    expect(small.pin(child.key)).toBeUndefined();
    expect(small.pin(parent.key)).toBe(parent);
  });

  it('copies a prompt’s keys and values to their places in a row', () => {
    const first = add(undefined, 1);
    const cache = new KvCache(SHAPE, 2);
    prefixes.load({ ids: [], path: [first, add(first, 2)] }, cache, 1);
    const { keys } = cache.view(0, 2);
    expect([...keys.subarray(cache.capacity, cache.capacity + 17)]).toEqual([
      ...Array(BLOCK_TOKENS).fill(1),
      ...Array(BLOCK_TOKENS).fill(2),
      0,
    ]);
  });
});

describe('prompts that are read with a prefix cache', () => {
  const model = fakeFullDepthModel();
  const shared = Array.from({ length: 20 }, (_, index) => index + 1);
  const sumOf = (ids: readonly number[]) => ids.reduce((sum, id) => sum + id, 0);

  it('end in the state of their last token, after all tokens before it', async () => {
    const cache = new PrefixCache(model.manifest.architecture, 1e6, 1);
    const prompts = [[...shared, 50], shared, [7], [...shared, 60, 61, 62, 63]];
    const read = await prefillWithPrefixCache(model, cache, prompts);
    for (const [index, { path }] of read.entries()) {
      expect([...path.at(-1)!.hidden]).toEqual([prompts[index]!.at(-1), sumOf(prompts[index]!)]);
      expect(path).toHaveLength(Math.ceil(prompts[index]!.length / BLOCK_TOKENS));
    }
  });

  it('run only the blocks that are not cached', async () => {
    const cache = new PrefixCache(model.manifest.architecture, 1e6, 1);
    const rowsOf = async (prompts: number[][]) => {
      model.steps.length = 0;
      await prefillWithPrefixCache(model, cache, prompts);
      return model.steps.map(({ rows, queryLength }) => rows * queryLength);
    };
    expect(await rowsOf([shared, [...shared.slice(0, 16), 90]])).toEqual([8, 8, 16]);
    expect(await rowsOf([shared, [...shared, 5]])).toEqual([8]);
    expect(await rowsOf([shared])).toEqual([]);
  });
});
