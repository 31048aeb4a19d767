import { protocolSetting } from './protocols/protocols.js';
export function judgeOf(protocol, completer) {
    const { label, key, decoding, settings, maxPromptCharacters } = completer;
    return {
        label,
        key,
        protocol,
        decoding: { ...decoding, ...protocolSetting(protocol) },
        deviations: protocol.deviations(settings),
        maxPromptCharacters,
        ask: (prompts, signal) => ask(protocol, completer, prompts, signal),
        close: () => completer.close(),
    };
}
async function* ask(protocol, completer, prompts, signal) {
    for await (const reply of completer.complete(inParts(protocol, prompts), signal)) {
        if ('error' in reply)
            yield reply;
        else {
            const { text: rawText, truncatedTokens, ...rest } = reply;
            yield { ...rest, rawText, ...(truncatedTokens && { cutTokens: truncatedTokens }) };
        }
    }
}
function* inParts(protocol, prompts) {
    for (const { tag, text, pair } of prompts)
        yield { tag, text, ...(pair && { parts: protocol.prompt(pair) }) };
}
