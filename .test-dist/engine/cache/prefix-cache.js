import { BlockRows } from './block-rows.js';
import { BLOCK_TOKENS, blockBytes } from './prefix-block.js';
/** Prefixes that none of the last reads used are dropped: neighbouring prompts share prefixes. */
const READS_KEPT = 2;
/**
 * Keys and values of blocks that prompts share. Blocks that no prompt waits for are dropped when their prompts are finished,
 * so that memory does not grow with the number of prompts; when all take more than the budget, the least recently used first.
 */
export class PrefixCache {
    /** Where blocks are read; at most half of the budget. */
    rows;
    #blockBudgetBytes;
    /** By key, least recently used first. Whatever uses a block also uses its parents, so they come after it. */
    #blocks = new Map();
    #blockBytes = 0;
    #serial = 0;
    #read = 0;
    /** @param minRows of the rows in which blocks are read (`FullDepthModel.minRows`) */
    constructor(shape, budgetBytes, minRows) {
        this.rows = new BlockRows(shape, budgetBytes / 2, minRows);
        this.#blockBudgetBytes = budgetBytes / 2;
    }
    /** Bytes of all cached blocks and of the rows in which blocks are read. */
    get bytes() {
        return this.#blockBytes + this.rows.bytes;
    }
    /** Call before each read. */
    startRead() {
        this.#read++;
        for (const block of this.#blocks.values()) {
            if (block.pins === 0 && block.lastRead < this.#read - READS_KEPT)
                this.#remove(block);
        }
    }
    /** The block, for which one more prompt now waits; undefined if it is not cached. */
    pin(key) {
        const block = this.#blocks.get(key);
        if (!block)
            return undefined;
        block.pins++;
        block.lastRead = this.#read;
        return block;
    }
    /** Stores a block for which one prompt waits. */
    add(block) {
        const added = { ...block, serial: this.#serial++, pins: 1, lastRead: this.#read };
        this.#blocks.set(block.key, added);
        this.#blockBytes += blockBytes(added);
        this.#drop();
        return added;
    }
    /** Copies a prompt's keys and values into a row of a cache, which must have room for whole blocks. */
    load({ path }, cache, row) {
        for (const { start, data } of path)
            cache.write(row, start, data, BLOCK_TOKENS);
    }
    /** The prompt no longer waits for its blocks. */
    release({ path }) {
        for (const block of path.toReversed()) {
            block.pins--;
            this.#blocks.delete(block.key);
            this.#blocks.set(block.key, block);
        }
        this.#drop();
    }
    #drop() {
        for (const block of this.#blocks.values()) {
            if (this.#blockBytes <= this.#blockBudgetBytes)
                return;
            if (block.pins === 0)
                this.#remove(block);
        }
    }
    #remove(block) {
        this.#blocks.delete(block.key);
        this.#blockBytes -= blockBytes(block);
    }
}
