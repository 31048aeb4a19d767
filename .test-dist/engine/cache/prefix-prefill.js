import { batchesOf } from '../session/batches.js';
import { causalStep } from '../session/step-input.js';
import { BLOCK_TOKENS, blockKey } from './prefix-block.js';
/**
 * Reads prompts of at least one token each, block by block: a block that several prompts begin with is read once, and blocks
 * at the same place of different prompts go through the model together. A block's result depends on the blocks before it
 * alone: it always has this many tokens after that many, in a row of its own (bit for bit in ONNX Runtime 1.30.0; guarded by
 * test/engine/cache/prefix-prefill.test.ts).
 */
export async function prefillWithPrefixCache(model, prefixes, prompts) {
    prefixes.startRead();
    const readings = prompts.map((ids) => {
        return { ids, rotation: model.rotationOf(ids.length), path: [] };
    });
    const longest = Math.max(0, ...prompts.map(({ length }) => length));
    prefixes.rows.reset(longest);
    const limits = { sameKey: ({ rotation }) => rotation, maxItems: prefixes.rows.cache.rows };
    for (let start = 0; start < longest; start += BLOCK_TOKENS) {
        const unfinished = readings.filter(({ ids }) => ids.length > start);
        const missing = extendOrMiss(prefixes, unfinished, start);
        for (const batch of batchesOf(missing, limits))
            await readBlocks(model, prefixes, batch, start);
    }
    return readings;
}
/** Extends the paths by the cached blocks; returns the others, each once. */
function extendOrMiss(prefixes, readings, start) {
    const missing = new Map();
    for (const reading of readings) {
        const ids = reading.ids.slice(start, start + BLOCK_TOKENS);
        const { rotation } = reading;
        const parent = reading.path.at(-1);
        const key = blockKey(rotation, parent, ids);
        const cached = prefixes.pin(key);
        if (cached)
            reading.path.push(cached);
        else if (missing.has(key))
            missing.get(key).readers.push(reading);
        else
            missing.set(key, { key, rotation, parent, start, ids, readers: [reading] });
    }
    return [...missing.values()];
}
/** One run: blocks of one rotation that start at the same token, no more than there are rows. */
async function readBlocks(model, prefixes, missing, start) {
    const { rows } = prefixes;
    const inRows = rows.place(missing, start);
    const { rotation } = inRows[0];
    const rope = rotation > 0 ? model.ropeOf(rotation) : undefined;
    const step = causalStep(inRows.map(() => start), BLOCK_TOKENS, rows.cache, rope);
    const output = await model.run(BigInt64Array.from(inRows.flatMap(paddedIds), BigInt), step);
    for (const [row, { key, parent, ids, readers }] of inRows.entries()) {
        const results = blockOf(output, row, ids.length, model.manifest.architecture);
        const block = prefixes.add({ key, parent, start, ...results });
        block.pins = readers.length;
        for (const { path } of readers)
            path.push(block);
        rows.extend(row, block);
    }
}
/**
 * One row of an output with hidden [rows, BLOCK_TOKENS, D] and, for each layer, keys and values
 * [rows, kvH, BLOCK_TOKENS, headDim].
 * @param tokens of the block; the rest of the row is filling
 */
function blockOf({ present, hidden }, row, tokens, { hiddenSize, kvHeads, headDim }) {
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
function paddedIds({ ids }) {
    return Array.from({ length: BLOCK_TOKENS }, (_, index) => ids[index] ?? ids.at(-1));
}
