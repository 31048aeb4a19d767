import type { FullDepthModel, FullDepthOutput } from '../session/full-depth-model.ts';
import { causalMask, positionsAfter } from '../session/mask.ts';
import { isRotatedByLength } from '../session/rope.ts';
import { KvCache, toCapacity } from './kv-cache.ts';
import { cacheBytes } from './memory-budget.ts';
import { BLOCK_TOKENS, type Block, BlockStore, blockKey } from './prefix-cache.ts';

/** Blocks that go through the network together, where memory allows it. */
const MAX_ROWS = 32;

/** A prompt that was read; its blocks stay until it is released. */
export interface ReadPrompt {
  readonly ids: readonly number[];
  readonly path: readonly Block[];
}

/** A prompt that is being read. */
interface Reading {
  readonly ids: readonly number[];
  /** Tokens of the prompt where its rotation depends on it, else 0: only prompts of one kind share blocks. */
  readonly kind: number;
  readonly path: Block[];
}

/** Prompts that wait for the same block. */
interface Missing {
  readonly key: string;
  readonly kind: number;
  readonly parent: Block | undefined;
  readonly ids: readonly number[];
  readonly readers: Reading[];
}

/**
 * Reads prompts block by block: a block that several prompts begin with is read once, and blocks at the same place of
 * different prompts go through the network together. A block's result depends on the blocks before it alone: it is always
 * so many tokens after so many, in a row of its own.
 */
export class PromptReader {
  readonly #model: FullDepthModel;
  readonly #budgetBytes: number;
  readonly #store: BlockStore;
  /** Row r holds the blocks up to and with `#tips[r]`. */
  #cache: KvCache;
  #tips: Block[] = [];

  constructor(model: FullDepthModel, budgetBytes: number) {
    this.#model = model;
    this.#budgetBytes = budgetBytes;
    this.#store = new BlockStore(budgetBytes / 2);
    this.#cache = this.#makeRoom(0);
  }

  /** Bytes of all blocks that are kept, and of the rows that blocks are read in. */
  get bytes(): number {
    return this.#store.bytes + this.#cache.bytes;
  }

  /** Reads prompts of at least one token each. */
  async read(prompts: readonly (readonly number[])[]): Promise<ReadPrompt[]> {
    this.#store.beginRead();
    const { architecture } = this.#model.manifest;
    const readings = prompts.map((ids): Reading => {
      return { ids, kind: isRotatedByLength(architecture, ids.length) ? ids.length : 0, path: [] };
    });
    const longest = Math.max(0, ...prompts.map(({ length }) => length));
    this.#tips = [];
    if (longest > this.#cache.capacity) this.#cache = this.#makeRoom(longest);
    for (let start = 0; start < longest; start += BLOCK_TOKENS) {
      const missing = this.#findOrMiss(
        readings.filter(({ ids }) => ids.length > start),
        start,
      );
      for (const run of inRuns(missing, this.#cache.rows)) await this.#readBlocks(run, start);
    }
    return readings;
  }

  /** Copies a prompt's keys and values into a row of a cache, which must have room for whole blocks. */
  load({ path }: ReadPrompt, cache: KvCache, row: number): void {
    for (const { start, data } of path) cache.write(row, start, data, BLOCK_TOKENS);
  }

  release({ path }: ReadPrompt): void {
    this.#store.unpin(path);
  }

  /** Rows for prompts of at most so many tokens, as many as half of the budget has room for. */
  #makeRoom(tokens: number): KvCache {
    const { architecture } = this.#model.manifest;
    const rows = Math.floor(this.#budgetBytes / 2 / cacheBytes(architecture, toCapacity(tokens)));
    const cache = new KvCache(architecture, Math.max(this.#model.minRows, Math.min(MAX_ROWS, rows)));
    cache.reserve(tokens, 0);
    return cache;
  }

  /** Extends the paths by the blocks that are known; gives back the others, each once. */
  #findOrMiss(readings: readonly Reading[], start: number): Missing[] {
    const missing = new Map<string, Missing>();
    for (const reading of readings) {
      const ids = reading.ids.slice(start, start + BLOCK_TOKENS);
      const parent = reading.path.at(-1);
      const key = blockKey(reading.kind, parent, ids);
      const known = this.#store.pin(key);
      if (known) reading.path.push(known);
      else if (missing.has(key)) missing.get(key)!.readers.push(reading);
      else missing.set(key, { key, kind: reading.kind, parent, ids, readers: [reading] });
    }
    return [...missing.values()];
  }

  /** One run: blocks of one kind that start at the same token, no more than there are rows. */
  async #readBlocks(missing: readonly Missing[], start: number): Promise<void> {
    const inRows = this.#placeParents(missing, start);
    const starts = inRows.map(() => start);
    const { kind } = inRows[0]!;
    const output = await this.#model.run(BigInt64Array.from(inRows.flatMap(paddedIds), BigInt), {
      rows: inRows.length,
      step: BLOCK_TOKENS,
      positionIds: positionsAfter(starts, BLOCK_TOKENS),
      mask: causalMask(starts, BLOCK_TOKENS, this.#cache.capacity),
      cache: this.#cache,
      ...(kind > 0 && { rope: this.#model.ropeOf(kind) }),
    });
    for (const [row, { key, parent, ids, readers }] of inRows.entries()) {
      const block = this.#store.add({ key, parent, start, ...this.#take(output, row, ids.length) });
      block.pins = readers.length;
      for (const { path } of readers) path.push(block);
      this.#cache.write(row, start, block.data, BLOCK_TOKENS);
      this.#tips[row] = block;
    }
  }

  /** The blocks in an order in which row r of the cache holds what comes before block r. */
  #placeParents(missing: readonly Missing[], start: number): Missing[] {
    const waiting = new Map(missing.map((block) => [block.key, block]));
    const inRows: (Missing | undefined)[] = missing.map((_, row) => {
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

  #load(last: Block, row: number): void {
    for (let block: Block | undefined = last; block; block = block.parent) {
      this.#cache.write(row, block.start, block.data, BLOCK_TOKENS);
    }
  }

  /** One row of an output. */
  #take({ present, hidden }: FullDepthOutput, row: number, tokens: number): Pick<Block, 'data' | 'hidden'> {
    const { hiddenSize, kvHeads, headDim } = this.#model.manifest.architecture;
    const floats = kvHeads * BLOCK_TOKENS * headDim;
    const data = new Float32Array(present.length * 2 * floats);
    for (const [layer, { keys, values }] of present.entries()) {
      data.set(keys.subarray(row * floats, (row + 1) * floats), 2 * layer * floats);
      data.set(values.subarray(row * floats, (row + 1) * floats), (2 * layer + 1) * floats);
    }
    const last = (row * BLOCK_TOKENS + tokens - 1) * hiddenSize;
    return { data, hidden: hidden.slice(last, last + hiddenSize) };
  }
}

/** A short block is filled up with its last token, which spoils nothing that the token itself does not. */
function paddedIds({ ids }: Missing): number[] {
  return Array.from({ length: BLOCK_TOKENS }, (_, index) => ids[index] ?? ids.at(-1)!);
}

/** Blocks of one kind, at most `rows` together. */
function inRuns(missing: readonly Missing[], rows: number): Missing[][] {
  const runs: Missing[][] = [];
  for (const block of missing) {
    const run = runs.findLast(([first]) => first!.kind === block.kind);
    if (run && run.length < rows) run.push(block);
    else runs.push([block]);
  }
  return runs;
}
