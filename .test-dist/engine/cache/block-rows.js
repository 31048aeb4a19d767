import { KvCache, toCapacity } from './kv-cache.js';
import { cacheBytes } from './memory-budget.js';
import { BLOCK_TOKENS } from './prefix-block.js';
/** Blocks that go through the model together, where memory allows it. */
const MAX_ROWS = 32;
/** The rows of a cache in which blocks are read: each holds the blocks before the one that is read in it. */
export class BlockRows {
    #shape;
    #budgetBytes;
    #minRows;
    #cache;
    /** For each row its last block. */
    #tips = [];
    constructor(shape, budgetBytes, minRows) {
        this.#shape = shape;
        this.#budgetBytes = budgetBytes;
        this.#minRows = minRows;
        this.#cache = this.#allocate(0);
    }
    get bytes() {
        return this.#cache.bytes;
    }
    get cache() {
        return this.#cache;
    }
    /** Empties the rows and makes room for prompts of at most this many tokens. */
    reset(tokens) {
        this.#tips = [];
        if (tokens > this.#cache.capacity)
            this.#cache = this.#allocate(tokens);
    }
    /** The blocks, all with the same start, in an order in which row r holds what comes before block r. */
    place(blocks, start) {
        const waiting = new Map(blocks.map((block) => [block.key, block]));
        const inRows = blocks.map((_, row) => {
            const tip = this.#tips[row];
            const next = tip && [...waiting.values()].find(({ parent }) => parent === tip);
            if (next)
                waiting.delete(next.key);
            return next;
        });
        const others = waiting.values();
        return inRows.map((placed, row) => {
            const block = placed ?? others.next().value;
            if (!placed && start > 0)
                this.#load(block.parent, row);
            return block;
        });
    }
    /** Puts a block that was read behind those of its row. */
    extend(row, block) {
        this.#cache.write(row, block.start, block.data, BLOCK_TOKENS);
        this.#tips[row] = block;
    }
    #load(last, row) {
        for (let block = last; block; block = block.parent) {
            this.#cache.write(row, block.start, block.data, BLOCK_TOKENS);
        }
    }
    /** As many rows for prompts of at most this many tokens as the budget has room for. */
    #allocate(tokens) {
        const affordable = Math.floor(this.#budgetBytes / cacheBytes(this.#shape, toCapacity(tokens)));
        const cache = new KvCache(this.#shape, Math.max(this.#minRows, Math.min(MAX_ROWS, affordable)));
        cache.reserve(tokens, 0);
        return cache;
    }
}
