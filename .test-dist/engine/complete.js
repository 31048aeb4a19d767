import { truncatePrompt } from '../data/truncate-prompt.js';
import { openTokenizer } from '../model/tokenizer/tokenizer.js';
import { beamSearch } from './beam/beam-search.js';
import { FullDepthModel } from './session/full-depth-model.js';
/** @throws InputError when model.json, a file that it names or the tokenizer does not fit */
export async function openCompleter(folder, settings) {
    const { strategy } = settings.decoding;
    const tokenizer = openTokenizer(folder);
    const model = await FullDepthModel.open(folder, strategy, settings.threads);
    return {
        complete: (prompts, signal) => complete(model, tokenizer, prompts, settings, signal),
        close: () => model.close(),
    };
}
async function* complete(model, tokenizer, prompts, settings, signal) {
    const search = searchSettings(model, tokenizer, settings);
    const room = model.manifest.architecture.contextLength - settings.maxNewTokens;
    const encoded = encodeAll(tokenizer, prompts, room);
    for await (const finished of beamSearch(model, encoded, search, signal)) {
        const { tag: prompt, tokenIds, stopReason, promptTokens, durationMs } = finished;
        const text = tokenizer.decode(tokenIds);
        yield { ...prompt, text, stopReason, promptTokens, generatedTokens: tokenIds.length, durationMs };
    }
}
function searchSettings({ manifest }, tokenizer, { decoding, maxNewTokens, batchSize, memoryMB }) {
    const shared = { maxNewTokens, batchSize, memoryMB, eosTokenIds: manifest.eosTokenIds };
    if (decoding.strategy === 'beams') {
        const { numBeams, repetitionPenalty, rule } = decoding;
        return { ...shared, numBeams, repetitionPenalty, rule };
    }
    const stopWhen = (ids) => isFirstLineOver(tokenizer.decode(ids));
    const greedy = { rule: 'greedy', numBeams: 1, repetitionPenalty: 1 };
    return { ...shared, ...greedy, ...(decoding.stopAfterFirstLine && { stopWhen }) };
}
/** Lazily: tens of thousands of prompts are encoded as they are needed. */
function* encodeAll(tokenizer, prompts, room) {
    for (const prompt of prompts) {
        const { ids, truncatedTokens } = truncatePrompt(tokenizer, prompt, room);
        yield { tag: { tag: prompt.tag, ...(truncatedTokens > 0 && { truncatedTokens }) }, ids };
    }
}
function isFirstLineOver(text) {
    return text.trimStart().includes('\n');
}
