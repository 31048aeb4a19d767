import { availableParallelism } from 'node:os';
import { DEFAULT_MEMORY_MB } from '../engine/cache/memory-budget.js';
import { readManifest } from '../model/folder/read-manifest.js';
import { runParts } from './in-workers.js';
/** The steps of a smaller model are too short to be shared between cores; prompts are shared instead. */
const MAX_SMALL_BYTES = 64e6;
/** Prompts that stay together, since neighbours begin alike. */
const NEIGHBOURS = 128;
/**
 * Completes prompts in workers with the full depth of a model folder, which is loaded for this call and freed after it.
 * A small model is loaded once per core. Completions come in any order, each with its prompt's tag.
 * @throws InputError when the folder does not fit; the signal's reason when it is aborted
 */
export async function* completeInWorkers(folder, settings, prompts, signal) {
    // Tags may be anything; what crosses to a thread must be plain data.
    const tags = [];
    const indexed = [];
    for (const { tag, text, parts } of prompts) {
        indexed.push({ tag: tags.length, text, parts });
        tags.push(tag);
    }
    if (indexed.length === 0)
        return;
    const parts = sharePrompts({ folder, settings, prompts: indexed }, workersFor(folder));
    for await (const completion of runParts('complete', parts, signal))
        yield { ...completion, tag: tags[completion.tag] };
}
/** One for each core where the model is small, else one that uses all cores. */
function workersFor(folder) {
    const files = Object.values(readManifest(folder).files);
    const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
    return bytes <= MAX_SMALL_BYTES ? availableParallelism() : 1;
}
/** For each worker its prompts, and its share of batch and memory. */
export function sharePrompts(input, workers) {
    const { prompts, settings } = input;
    const count = Math.min(workers, Math.ceil(prompts.length / NEIGHBOURS));
    if (count <= 1)
        return [input];
    const memoryMB = Math.max(1, Math.floor((settings.memoryMB ?? DEFAULT_MEMORY_MB) / count));
    const batchSize = Math.ceil(settings.batchSize / count);
    return Array.from({ length: count }, (_, worker) => ({
        ...input,
        settings: { ...settings, batchSize, memoryMB, threads: 1 },
        prompts: prompts.filter((_, index) => Math.floor(index / NEIGHBOURS) % count === worker),
    }));
}
