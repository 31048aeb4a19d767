import { openCompleter } from '../engine/complete.js';
import { hashFiles } from '../model/folder/hash-files.js';
import { readManifest } from '../model/folder/read-manifest.js';
import { subModelKey } from '../model/folder/sub-model-key.js';
/** The beams that a sweep file can choose. */
const BEAMS = { numBeams: 4, repetitionPenalty: 1.2 };
const DEFAULT_BEAM_RULE = 'transformers-4.28';
/**
 * The full depth of a model folder as a completer in this thread.
 * @throws InputError when the folder does not fit
 */
export async function openLocalCompleter(folder, options) {
    const engine = await openCompleter(folder, completionSettings(options));
    return {
        ...(await describeLocalCompleter(folder, options)),
        complete: (prompts, signal) => engine.complete(prompts, signal),
        close: () => engine.close(),
    };
}
/** What is known of such a completer before it is opened. */
export async function describeLocalCompleter(folder, options) {
    const manifest = await hashFiles(folder, readManifest(folder));
    return {
        label: options.label,
        key: subModelKey(manifest, manifest.architecture.layers),
        decoding: decodingOf(options, manifest.eosTokenIds),
        settings: settingsOf(options),
    };
}
/** The options in the engine's terms. */
export function completionSettings(options) {
    const { decoding, beamRule: rule = DEFAULT_BEAM_RULE, maxNewTokens, batchSize, memoryMB, threads, } = options;
    const shared = { maxNewTokens, batchSize, memoryMB, threads };
    if (decoding === 'beams')
        return { ...shared, decoding: { strategy: 'beams', ...BEAMS, rule } };
    return { ...shared, decoding: { strategy: 'greedy', stopAfterFirstLine: decoding === 'verdict-only' } };
}
/** What changes the texts. The names are part of the keys of stored judgements. */
function decodingOf(options, eosTokenIds) {
    const { decoding: strategy, maxNewTokens, beamRule = DEFAULT_BEAM_RULE } = options;
    if (strategy !== 'beams')
        return { strategy, maxNewTokens, eosTokenIds };
    return { strategy, maxNewTokens, eosTokenIds, ...BEAMS, beamRule };
}
function settingsOf({ decoding, maxNewTokens, beamRule: rule = DEFAULT_BEAM_RULE, }) {
    return { source: 'folder', decoding, maxNewTokens, beams: { ...BEAMS, rule } };
}
