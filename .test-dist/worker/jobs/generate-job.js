import { generate } from '../../engine/greedy/generate.js';
import { SegmentedModel } from '../../engine/session/segmented-model.js';
import { openTokenizer } from '../../model/tokenizer/tokenizer.js';
/** Greedy responses in the order in which they end. */
export async function* generateJob({ folder, requests, settings }, signal) {
    const tokenizer = openTokenizer(folder);
    const model = await SegmentedModel.open(folder);
    try {
        const prompts = requests
            .map(({ prompt, exits }, request) => ({ tag: request, ids: tokenizer.encode(prompt), exits }))
            // Those of one length are read together. The shortest first: the caches grow slowly, and attention reads all of them.
            .sort((left, right) => left.ids.length - right.ids.length);
        const { eosTokenIds } = model.manifest;
        for await (const { tag, ...response } of generate(model, prompts, { ...settings, eosTokenIds }, signal)) {
            yield { ...response, request: tag, text: tokenizer.decode(response.tokenIds) };
        }
    }
    finally {
        await model.close();
    }
}
