import { KvCache } from '../cache/kv-cache.js';
import { MAX_PASS_TOKENS } from '../session/batches.js';
import { causalStep } from '../session/step-input.js';
/**
 * Reads whole sequences of one length; every exit's hidden states come out of the same runs. Nothing is padded: each sequence
 * has the states that it has alone, bit for bit (ONNX Runtime 1.30.0; guarded by test/engine/prefill-together.test.ts).
 * @throws InputError `bad-checkpoint` for an id beyond the vocabulary
 */
export async function prefill(model, sequences, options) {
    const { length } = sequences[0];
    const { segments, from, promptTokens = length, chunkTokens = MAX_PASS_TOKENS } = options;
    const { architecture } = model.manifest;
    const { hiddenSize } = architecture;
    const cache = new KvCache(architecture, sequences.length);
    const rope = model.ropeOf(promptTokens);
    const size = sequences.length * (length - from) * hiddenSize;
    const hidden = Array.from({ length: segments }, () => new Float32Array(size));
    for (let start = 0; start < length; start += chunkTokens) {
        const chunk = sequences.map((ids) => ids.slice(start, start + chunkTokens));
        const outputs = await prefillChunk(model, chunk, { start, cache, rope, segments });
        const place = { rows: sequences.length, start, from, length, hiddenSize };
        for (const [index, output] of outputs.entries())
            keepStates(output, hidden[index], place);
    }
    return { cache, hidden };
}
/** Hidden states after each segment for the chunk's tokens, [rows, chunk, D] each; the cache grows by the chunk. */
async function prefillChunk(model, chunk, { start, cache, rope, segments }) {
    const queryLength = chunk[0].length;
    const lengths = chunk.map(() => start);
    const step = causalStep(lengths, queryLength, cache, rope);
    const outputs = [];
    const present = [];
    for (let segment = 0; segment < segments; segment++) {
        const input = outputs.at(-1) ?? BigInt64Array.from(chunk.flat(), BigInt);
        const output = await model.runSegment(segment, input, step);
        outputs.push(output.hidden);
        present.push(...output.present);
    }
    // Stored only now: until the last segment has run, the cache must keep the capacity that the mask was made for.
    cache.reserve(start + queryLength);
    cache.append(present, lengths, queryLength);
    return outputs;
}
/** Copies the states [rows, chunk, D] of a chunk's tokens from `from` on to their places in [rows, length − from, D]. */
function keepStates(output, target, { rows, start, from, length, hiddenSize }) {
    const tokens = output.length / rows / hiddenSize;
    const skipped = Math.max(0, from - start);
    const offset = Math.max(0, start - from);
    for (let row = 0; skipped < tokens && row < rows; row++) {
        const states = output.subarray((row * tokens + skipped) * hiddenSize, (row + 1) * tokens * hiddenSize);
        target.set(states, (row * (length - from) + offset) * hiddenSize);
    }
}
