/**
 * Most tokens of one run through the layers. More gain nothing: with ONNX Runtime 1.30.0 on two busy cores
 * the nano model reads 32,000 tokens a second in runs of 256, 512 and 1,024 tokens; 8 layers of width 576
 * read 3,200 in runs of 128, 2,700 in runs of 512 and 1,900 in runs of 2,048
 * (scripts/measure/pass-tokens.ts). Another value changes the rounding of longer prompts, and with it
 * responses.
 */
export const MAX_PASS_TOKENS = 512;

export interface BatchLimits<Item> {
  /** Items of one batch have equal keys. Default: one key for all. */
  readonly sameKey?: (item: Item) => unknown;
  readonly maxItems?: number;
  /** Of all items together; a single item may have more. */
  readonly maxTokens?: number;
  readonly tokensOf?: (item: Item) => number;
  /** A batch ends where the next item has another key, so that no more than one item is taken ahead. */
  readonly neighboursOnly?: boolean;
}

interface OpenBatch<Item> {
  readonly items: Item[];
  tokens: number;
}

/**
 * Groups items that can go through a model together. A batch comes out as soon as another item like its last
 * one would not fit; those that never fill up come last. No batch is empty.
 */
export function* batchesOf<Item>(items: Iterable<Item>, limits: BatchLimits<Item>): Generator<Item[]> {
  const { sameKey = () => undefined, tokensOf = () => 0, neighboursOnly = false } = limits;
  const { maxItems = Number.POSITIVE_INFINITY, maxTokens = Number.POSITIVE_INFINITY } = limits;
  const open = new Map<unknown, OpenBatch<Item>>();
  for (const item of items) {
    const key = sameKey(item);
    const tokens = tokensOf(item);
    if (neighboursOnly && !open.has(key)) yield* closeAll(open);
    if (open.has(key) && open.get(key)!.tokens + tokens > maxTokens) yield close(open, key);
    const batch = open.get(key) ?? { items: [], tokens: 0 };
    open.set(key, batch);
    batch.items.push(item);
    batch.tokens += tokens;
    if (batch.items.length >= maxItems || batch.tokens + tokens > maxTokens) yield close(open, key);
  }
  yield* closeAll(open);
}

function close<Item>(open: Map<unknown, OpenBatch<Item>>, key: unknown): Item[] {
  const { items } = open.get(key)!;
  open.delete(key);
  return items;
}

function* closeAll<Item>(open: Map<unknown, OpenBatch<Item>>): Generator<Item[]> {
  for (const key of [...open.keys()]) yield close(open, key);
}
