/** Prompts are read in blocks of this many tokens, always at the same places, whatever is cached already. */
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
  /** The last read that used it. */
  lastRead: number;
}

/**
 * The key by which a block is found.
 * @param rotation prompts of another rotation share nothing with this one
 */
export function blockKey(rotation: number, parent: Block | undefined, ids: readonly number[]): string {
  return `${parent ? parent.serial : `root ${rotation}`}:${ids.join(',')}`;
}

export function blockBytes({ data, hidden }: Pick<Block, 'data' | 'hidden'>): number {
  return data.byteLength + hidden.byteLength;
}
