import { openTokenizer } from '../model/tokenizer/tokenizer.js';
import { generate } from './greedy/generate.js';
import { SegmentedModel } from './session/segmented-model.js';
/**
 * Opens a model folder that `importCheckpoint` made.
 * @throws InputError when model.json, a file that it names or the tokenizer does not fit
 */
export async function openModel(folder) {
    const tokenizer = openTokenizer(folder);
    const model = await SegmentedModel.open(folder);
    return {
        manifest: model.manifest,
        answer: (questions, options = {}) => answers(model, tokenizer, questions, options),
        close: () => model.close(),
    };
}
async function* answers(model, tokenizer, questions, { maxNewTokens = 256, batchSize = 32, signal }) {
    const { exits, eosTokenIds } = model.manifest;
    const prompts = encodeAll(tokenizer, questions, exits);
    for await (const finished of generate(model, prompts, { maxNewTokens, batchSize, eosTokenIds }, signal))
        yield { ...finished, text: tokenizer.decode(finished.tokenIds) };
}
/** Lazily: questions may be many. */
function* encodeAll(tokenizer, questions, allExits) {
    for (const { tag, text, exits = allExits } of questions)
        yield { tag, ids: tokenizer.encode(text), exits };
}
