import { batchesOf } from '../session/batches.ts';
import type { FullDepthModel } from '../session/full-depth-model.ts';
import type { LayerOutput } from '../session/layer-session.ts';
import { causalStep } from '../session/step-input.ts';
import type { CacheShape } from './kv-cache.ts';
import { BLOCK_TOKENS, type Block, blockKey } from './prefix-block.ts';
import type { CachedPrompt, PrefixCache } from './prefix-cache.ts';

/** A prompt that is being read. */
interface Reading {
  readonly ids: readonly number[];
  /** `FullDepthModel.rotationOf` */
  readonly rotation: number;
  readonly path: Block[];
}

/** A block that is not cached, and the prompts that wait for it. */
interface MissingBlock {
  readonly key: string;
  readonly rotation: number;
  readonly parent: Block | undefined;
  readonly start: number;
  readonly ids: readonly number[];
  readonly readers: Reading[];
}

/**
 * Reads prompts of at least one token each, block by block: a block that several prompts begin with is read
 * once, and blocks at the same place of different prompts go through the model together. A block's result
 * depends on the blocks before it alone: it always has this many tokens after that many, in a row of its own
 * (bit for bit in ONNX Runtime 1.30.0; guarded by test/engine/cache/prefix-prefill.test.ts).
 */
export async function prefillWithPrefixCache(
  model: FullDepthModel,
  prefixes: PrefixCache,
  prompts: readonly (readonly number[])[],
): Promise<CachedPrompt[]> {
  prefixes.startRead();
  const readings = prompts.map((ids): Reading => {
    return { ids, rotation: model.rotationOf(ids.length), path: [] };
  });
  const longest = Math.max(0, ...prompts.map(({ length }) => length));
  prefixes.rows.reset(longest);
  const limits = { sameKey: ({ rotation }: MissingBlock) => rotation, maxItems: prefixes.rows.cache.rows };
  for (let start = 0; start < longest; start += BLOCK_TOKENS) {
    const unfinished = readings.filter(({ ids }) => ids.length > start);
    const missing = extendOrMiss(prefixes, unfinished, start);
    for (const batch of batchesOf(missing, limits)) await readBlocks(model, prefixes, batch, start);
  }
  return readings;
}

/** Extends the paths by the cached blocks; returns the others, each once. */
function extendOrMiss(prefixes: PrefixCache, readings: readonly Reading[], start: number): MissingBlock[] {
  const missing = new Map<string, MissingBlock>();
  for (const reading of readings) {
    const ids = reading.ids.slice(start, start + BLOCK_TOKENS);
    const { rotation } = reading;
    const parent = reading.path.at(-1);
    const key = blockKey(rotation, parent, ids);
    const cached = prefixes.pin(key);
    if (cached) reading.path.push(cached);
    else if (missing.has(key)) missing.get(key)!.readers.push(reading);
    else missing.set(key, { key, rotation, parent, start, ids, readers: [reading] });
  }
  return [...missing.values()];
}

/** One run: blocks of one rotation that start at the same token, no more than there are rows. */
async function readBlocks(
  model: FullDepthModel,
  prefixes: PrefixCache,
  missing: readonly MissingBlock[],
  start: number,
): Promise<void> {
  const { rows } = prefixes;
  const inRows = rows.place(missing, start);
  const { rotation } = inRows[0]!;
  const rope = rotation > 0 ? model.ropeOf(rotation) : undefined;
  const step = causalStep(
    model.manifest.architecture,
    inRows.map(() => start),
    BLOCK_TOKENS,
    rows.cache,
    rope,
  );
  const output = await model.run(BigInt64Array.from(inRows.flatMap(paddedIds), BigInt), step);
  for (const [row, { key, parent, ids, readers }] of inRows.entries()) {
    const results = blockOf(output, row, ids.length, model.manifest.architecture);
    const block = prefixes.add({ key, parent, start, ...results });
    block.pins = readers.length;
    for (const { path } of readers) path.push(block);
    rows.extend(row, block);
  }
}

/**
 * One row of an output with hidden [rows, BLOCK_TOKENS, D] and, for each layer, keys and values [rows, kvH,
 * BLOCK_TOKENS, headDim].
 * @param tokens of the block; the rest of the row is filling
 */
function blockOf(
  { present, hidden }: LayerOutput,
  row: number,
  tokens: number,
  { hiddenSize, kvHeads, headDim }: CacheShape & { readonly hiddenSize: number },
): Pick<Block, 'data' | 'hidden'> {
  const floats = kvHeads * BLOCK_TOKENS * headDim;
  const data = new Float32Array(present.length * 2 * floats);
  for (const [layer, { keys, values }] of present.entries()) {
    data.set(keys.subarray(row * floats, (row + 1) * floats), 2 * layer * floats);
    data.set(values.subarray(row * floats, (row + 1) * floats), (2 * layer + 1) * floats);
  }
  const last = (row * BLOCK_TOKENS + tokens - 1) * hiddenSize;
  return { data, hidden: hidden.slice(last, last + hiddenSize) };
}

/** A short block is filled with its last token, which spoils nothing that the token itself does not. */
function paddedIds({ ids }: MissingBlock): number[] {
  return Array.from({ length: BLOCK_TOKENS }, (_, index) => ids[index] ?? ids.at(-1)!);
}
