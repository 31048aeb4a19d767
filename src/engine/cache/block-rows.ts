import { type CacheShape, KvCache, toCapacity } from './kv-cache.ts';
import { cacheBytes } from './memory-budget.ts';
import { BLOCK_TOKENS, type Block } from './prefix-block.ts';

/** Blocks that go through the model together, where memory allows it. */
const MAX_ROWS = 32;

/** A block that is to be read. */
interface UnreadBlock {
  readonly key: string;
  readonly parent: Block | undefined;
}

/** The rows of a cache in which blocks are read: each holds the blocks before the one that is read in it. */
export class BlockRows {
  readonly #shape: CacheShape;
  readonly #budgetBytes: number;
  readonly #minRows: number;
  #cache: KvCache;
  /** For each row its last block. */
  #tips: Block[] = [];

  constructor(shape: CacheShape, budgetBytes: number, minRows: number) {
    this.#shape = shape;
    this.#budgetBytes = budgetBytes;
    this.#minRows = minRows;
    this.#cache = this.#allocate(0);
  }

  get bytes(): number {
    return this.#cache.bytes;
  }

  get cache(): KvCache {
    return this.#cache;
  }

  /** Empties the rows and makes room for prompts of at most this many tokens. */
  reset(tokens: number): void {
    this.#tips = [];
    if (tokens > this.#cache.capacity) this.#cache = this.#allocate(tokens);
  }

  /** The blocks, all with the same start, in an order in which row r holds what comes before block r. */
  place<Unread extends UnreadBlock>(blocks: readonly Unread[], start: number): Unread[] {
    const waiting = new Map(blocks.map((block) => [block.key, block]));
    const inRows = blocks.map((_, row) => {
      const tip = this.#tips[row];
      const next = tip && [...waiting.values()].find(({ parent }) => parent === tip);
      if (next) waiting.delete(next.key);
      return next;
    });
    const others = waiting.values();
    return inRows.map((placed, row) => {
      const block = placed ?? others.next().value!;
      if (!placed && start > 0) this.#load(block.parent!, row);
      return block;
    });
  }

  /** Puts a block that was read behind those of its row. */
  extend(row: number, block: Block): void {
    this.#cache.write(row, block.start, block.data, BLOCK_TOKENS);
    this.#tips[row] = block;
  }

  #load(last: Block, row: number): void {
    for (let block: Block | undefined = last; block; block = block.parent) {
      this.#cache.write(row, block.start, block.data, BLOCK_TOKENS);
    }
  }

  /** As many rows for prompts of at most this many tokens as the budget has room for. */
  #allocate(tokens: number): KvCache {
    const affordable = Math.floor(this.#budgetBytes / cacheBytes(this.#shape, toCapacity(tokens)));
    const cache = new KvCache(this.#shape, Math.max(this.#minRows, Math.min(MAX_ROWS, affordable)));
    cache.reserve(tokens, 0);
    return cache;
  }
}
