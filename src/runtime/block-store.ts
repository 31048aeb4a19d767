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
}

/**
 * Blocks that prompts share. Those that no prompt waits for are dropped, least recently needed first, when all take more
 * than the budget.
 */
export class BlockStore {
  readonly #budgetBytes: number;
  /** Least recently needed first. A block is needed by whatever needs a block after it, so these come before it. */
  readonly #blocks = new Map<string, Block>();
  #bytes = 0;
  #serial = 0;

  constructor(budgetBytes: number) {
    this.#budgetBytes = budgetBytes;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** The block, which now one more prompt waits for. */
  pin(key: string): Block | undefined {
    const block = this.#blocks.get(key);
    if (block) block.pins++;
    return block;
  }

  /** Takes in a block that one prompt waits for. */
  add(block: Omit<Block, 'serial' | 'pins'>): Block {
    const added = { ...block, serial: this.#serial++, pins: 1 };
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
    for (const [key, block] of this.#blocks) {
      if (this.#bytes <= this.#budgetBytes) return;
      if (block.pins > 0) continue;
      this.#blocks.delete(key);
      this.#bytes -= bytesOf(block);
    }
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
