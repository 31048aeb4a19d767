import { join } from 'node:path';
import { pastKey, pastValue, presentKey, presentValue } from '../../model/graphs/layer-signature.js';
import { requireIds } from './require-ids.js';
import { openSession } from './session.js';
/** Some consecutive layers of a model as one graph, run a step at a time. */
export class LayerSession {
    #of;
    #layers;
    #session;
    constructor(of, layers, session) {
        this.#of = of;
        this.#layers = layers;
        this.#session = session;
    }
    /**
     * @param layers that the graph holds: `start` … `end` − 1, counted from 0 through the model
     * @throws InputError `bad-checkpoint` for a file that ONNX Runtime refuses
     */
    static async open(of, file, [start, end], threads) {
        const layers = Array.from({ length: end - start }, (_, index) => start + index);
        return new LayerSession(of, layers, await openSession(join(of.folder, file), threads));
    }
    close() {
        return this.#session.close();
    }
    /**
     * @param input token ids int64 [rows, S] for the first layers, hidden states [rows, S, D] for later ones
     * @throws InputError `bad-checkpoint` for an id beyond the vocabulary
     */
    async run(input, step) {
        const results = await this.#session.run(this.#feeds(input, step), this.#outputs());
        const dataOf = (name) => results[name].data;
        return {
            hidden: dataOf('hidden_out'),
            present: this.#layers.map((layer) => {
                return { layer, keys: dataOf(presentKey(layer)), values: dataOf(presentValue(layer)) };
            }),
        };
    }
    #outputs() {
        const present = this.#layers.flatMap((layer) => [presentKey(layer), presentValue(layer)]);
        return Object.fromEntries(['hidden_out', ...present].map((name) => [name, 'float32']));
    }
    #feeds(input, step) {
        const { headDim, contextLength, hiddenSize, vocabSize } = this.#of.manifest.architecture;
        const { rows, queryLength: S, positionIds, mask, past, rope = this.#of.rope.decoded } = step;
        const feeds = {
            position_ids: { data: positionIds, shape: [rows, S] },
            cos: { data: rope.cos, shape: [contextLength, headDim / 2] },
            sin: { data: rope.sin, shape: [contextLength, headDim / 2] },
            mask: { data: mask, shape: [rows, 1, 1, S, past.capacity + S] },
            ...this.#pastFeeds(step),
        };
        if (input instanceof BigInt64Array) {
            requireIds(input, vocabSize, this.#of.folder);
            feeds['input_ids'] = { data: input, shape: [rows, S] };
        }
        else
            feeds['hidden'] = { data: input, shape: [rows, S, hiddenSize] };
        return feeds;
    }
    /** past_key.n and past_value.n, [rows, kvH, 1, capacity, headDim] each. */
    #pastFeeds({ rows, past }) {
        const { kvHeads, headDim } = this.#of.manifest.architecture;
        const shape = [rows, kvHeads, 1, past.capacity, headDim];
        const feeds = {};
        for (const layer of this.#layers) {
            const { keys, values } = past.view(layer, rows);
            feeds[pastKey(layer)] = { data: keys, shape };
            feeds[pastValue(layer)] = { data: values, shape };
        }
        return feeds;
    }
}
