import { join } from 'node:path';
import { LOGIT_SUM } from '../../model/graphs/head-graphs.js';
import { requireFinite } from './require-finite.js';
import { openSession } from './session.js';
/** Final norm and LM head of a model folder as one graph. */
export class HeadSession {
    #session;
    #path;
    #hiddenSize;
    constructor(session, path, hiddenSize) {
        this.#session = session;
        this.#path = path;
        this.#hiddenSize = hiddenSize;
    }
    /** @throws InputError `bad-checkpoint` for a file that ONNX Runtime refuses */
    static async open({ folder, manifest }, file, threads) {
        const path = join(folder, file);
        return new HeadSession(await openSession(path, threads), path, manifest.architecture.hiddenSize);
    }
    close() {
        return this.#session.close();
    }
    /**
     * Greedy next token ids [N] after hidden states [N, D].
     * @throws InputError `bad-checkpoint` when a logit is not finite
     */
    async nextTokens(hidden) {
        const outputs = { next_token: 'int64', [LOGIT_SUM]: 'float32' };
        const { next_token, logit_sum } = await this.#session.run(this.#hiddenFeed(hidden), outputs);
        requireFinite(logit_sum.data, this.#path);
        return Array.from(next_token.data, Number);
    }
    /** Logits [N, V] of hidden states [N, D]; for parity checks, since it copies all of them. */
    async logits(hidden) {
        return (await this.#session.run(this.#hiddenFeed(hidden), { logits: 'float32' })).logits.data;
    }
    /**
     * The k best next tokens of each row, best first; only a beam head has this output.
     * @throws InputError `bad-checkpoint` when a logit is not finite
     */
    async topTokens({ hidden, seenIds, scores, penalty, k }) {
        const rows = scores.length;
        const feeds = {
            ...this.#hiddenFeed(hidden),
            seen_ids: { data: seenIds, shape: [rows, seenIds.length / rows] },
            beam_scores: { data: scores, shape: [rows, 1] },
            penalty: { data: Float32Array.of(penalty), shape: [1] },
            k: { data: BigInt64Array.of(BigInt(k)), shape: [1] },
        };
        const outputs = { top_scores: 'float32', top_ids: 'int64', [LOGIT_SUM]: 'float32' };
        const { top_scores, top_ids, logit_sum } = await this.#session.run(feeds, outputs);
        requireFinite(logit_sum.data, this.#path);
        return { scores: top_scores.data, ids: Array.from(top_ids.data, Number) };
    }
    #hiddenFeed(hidden) {
        return { hidden: { data: hidden, shape: [hidden.length / this.#hiddenSize, this.#hiddenSize] } };
    }
}
