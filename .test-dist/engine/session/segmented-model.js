import { readManifest } from '../../model/folder/read-manifest.js';
import { HeadSession } from './head-session.js';
import { LayerSession } from './layer-session.js';
import { Rope } from './rope.js';
/**
 * The sessions of one model folder: segments and heads. It knows nothing about tokens' meaning, batches or stopping.
 * Sub-model n is the segments up to exit n, then the head of exit n.
 */
export class SegmentedModel {
    manifest;
    #segments;
    #heads;
    #rope;
    constructor(manifest, segments, heads, rope) {
        this.manifest = manifest;
        this.#segments = segments;
        this.#heads = heads;
        this.#rope = rope;
    }
    /** @throws InputError when model.json or a file that it names does not fit */
    static async open(folder) {
        const manifest = readManifest(folder);
        const of = { folder, manifest, rope: new Rope(manifest.architecture) };
        const segments = [];
        for (const [index, { file, exit }] of manifest.segments.entries()) {
            const start = manifest.segments[index - 1]?.exit ?? 0;
            segments.push(await LayerSession.open(of, file, [start, exit]));
        }
        const heads = new Map();
        for (const { file } of manifest.heads)
            heads.set(file, await HeadSession.open(of, file));
        return new SegmentedModel(manifest, segments, heads, of.rope);
    }
    async close() {
        for (const session of [...this.#segments, ...this.#heads.values()])
            await session.close();
    }
    /**
     * Runs one segment.
     * @param input token ids int64 [rows, S] for segment 0, hidden states [rows, S, D] for the others
     * @throws InputError `bad-checkpoint` for an id beyond the vocabulary
     */
    runSegment(index, input, step) {
        return this.#segments[index].run(input, step);
    }
    /**
     * Greedy next token ids [rows] after hidden states [rows, D] of exits with one head.
     * @throws InputError `bad-checkpoint` when a logit is not finite
     */
    nextTokens(headFile, hidden) {
        return this.#heads.get(headFile).nextTokens(hidden);
    }
    /** Logits [rows, V] of hidden states [rows, D]; for parity checks, since it copies all of them. */
    logits(headFile, hidden) {
        return this.#heads.get(headFile).logits(hidden);
    }
    /** Sequences whose prompts have equal values share one rotation; 0 where the prompt's length does not matter. */
    rotationOf(promptTokens) {
        return this.#rope.rotationOf(promptTokens);
    }
    /** Rotary tables of a sequence that starts with a prompt of this many tokens. */
    ropeOf(promptTokens) {
        return this.#rope.ofPrompt(promptTokens);
    }
}
