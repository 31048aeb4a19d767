/** Prompts are read in blocks of this many tokens, always at the same places, whatever is known already. */
export const BLOCK_TOKENS = 8;

/** A block of a prompt after the blocks before it: a node of the trie over all prompts. */
export interface Block {
  readonly key: string;
  /** No other block ever has it, nor this one after it was dropped and read again. */
  readonly serial: number;
  readonly parent: Block | undefined;
  /** Tokens before it. */
  readonly start: number;
  /** Keys and values, [layers, 2, kvH, BLOCK_TOKENS, headDim]; a shorter block repeats its last token. */
  readonly data: Float32Array;
  /** [D], after the last layer at its last token. */
  readonly hidden: Float32Array;
  /** Prompts that wait for it. */
  pins: number;
  /** The last read that needed it. */
  lastRead: number;
}

/** Neighbours begin alike: what so many reads did not need is a prefix whose prompts are finished. */
const READS_KEPT = 2;

/**
 * Blocks that prompts share. Of those that no prompt waits for, finished ones are dropped, so that memory does not grow with
 * the number of prompts; and when all take more than the budget, the least recently needed ones.
 */
export class BlockStore {
  readonly #budgetBytes: number;
  /** Least recently needed first. A block is needed by whatever needs a block after it, so these come before it. */
  readonly #blocks = new Map<string, Block>();
  #bytes = 0;
  #serial = 0;
  #read = 0;

  constructor(budgetBytes: number) {
    this.#budgetBytes = budgetBytes;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** To be called before each read. */
  beginRead(): void {
    this.#read++;
    for (const block of this.#blocks.values()) {
      if (block.pins === 0 && block.lastRead < this.#read - READS_KEPT) this.#remove(block);
    }
  }

  /** The block, which now one more prompt waits for. */
  pin(key: string): Block | undefined {
    const block = this.#blocks.get(key);
    if (!block) return undefined;
    block.pins++;
    block.lastRead = this.#read;
    return block;
  }

  /** Takes in a block that one prompt waits for. */
  add(block: Omit<Block, 'serial' | 'pins' | 'lastRead'>): Block {
    const added = { ...block, serial: this.#serial++, pins: 1, lastRead: this.#read };
    this.#blocks.set(block.key, added);
    this.#bytes += bytesOf(added);
    this.#drop();
    return added;
  }

  /** A prompt no longer waits for its blocks. */
  unpin(path: readonly Block[]): void {
    for (const block of path.toReversed()) {
      block.pins--;
      this.#blocks.delete(block.key);
      this.#blocks.set(block.key, block);
    }
    this.#drop();
  }

  #drop(): void {
    for (const block of this.#blocks.values()) {
      if (this.#bytes <= this.#budgetBytes) return;
      if (block.pins === 0) this.#remove(block);
    }
  }

  #remove(block: Block): void {
    this.#blocks.delete(block.key);
    this.#bytes -= bytesOf(block);
  }
}

/**
 * What a block is found by.
 * @param kind prompts of another kind share nothing with this one
 */
export function blockKey(kind: number, parent: Block | undefined, ids: readonly number[]): string {
  return `${parent ? parent.serial : `root ${kind}`}:${ids.join(',')}`;
}

function bytesOf({ data, hidden }: Pick<Block, 'data' | 'hidden'>): number {
  return data.byteLength + hidden.byteLength;
}
