import { headOfExit } from '../../model/folder/manifest.js';
import { prefill } from '../forced/prefill.js';
import { DecodeBatch } from './decode-batch.js';
/** Untimed steps: the first ones allocate memory. */
export const WARM_UP_STEPS = 4;
/**
 * Times decoding at one exit with nothing else in flight: `batchSize` rows continue one prompt, ends of sequence are
 * ignored, the prefill is not counted.
 */
export async function measureDecodeSpeed(model, promptIds, exit, { batchSize, steps }) {
    const segments = model.manifest.exits.indexOf(exit) + 1;
    const headFile = headOfExit(model.manifest, exit, 'exit').file;
    const { cache } = await prefill(model, [promptIds], { segments, from: promptIds.length - 1 });
    const batch = new DecodeBatch(model, batchSize);
    const lastToken = promptIds.at(-1);
    for (let row = 0; row < batchSize; row++) {
        batch.join({ segments, headFile, length: promptIds.length, lastToken }, cache);
    }
    for (let step = 0; step < WARM_UP_STEPS; step++)
        await batch.step();
    const startedAt = performance.now();
    for (let step = 0; step < steps; step++)
        await batch.step();
    return { tokens: batchSize * steps, durationMs: performance.now() - startedAt };
}
