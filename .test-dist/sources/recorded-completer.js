import { readFileSync } from 'node:fs';
import { InputError } from '../core/errors.js';
import { sha256 } from '../core/sha256.js';
import { promptText } from '../data/prompt-parts.js';
import { readRecordedJudgements } from '../data/recorded-judgements.js';
/**
 * A judge's recorded texts. Pairs missing from the file cannot be judged.
 * @param protocol makes of each recorded pair the prompt under which its text is found
 * @throws InputError where the file is not what it should be, or has two texts for one prompt
 */
export function openRecordedCompleter({ label, verdicts, pairs }, protocol) {
    const textOf = textsByPrompt(readRecordedJudgements(verdicts, pairs), protocol);
    const files = [verdicts, pairs].filter((path) => path !== undefined);
    return {
        label,
        key: sha256(JSON.stringify({ kind: 'recorded judge', files: files.map((path) => sha256(readFileSync(path))) })),
        decoding: { strategy: 'recorded' },
        settings: { source: 'recorded' },
        complete: (prompts, signal) => complete(textOf, prompts, signal),
        close: async () => { },
    };
}
function textsByPrompt(judgements, protocol) {
    const textOf = new Map();
    for (const judgement of judgements) {
        const responses = [judgement.response1, judgement.response2];
        const prompt = promptText(protocol.prompt({ instruction: judgement, responses }));
        const known = textOf.get(prompt);
        if (known !== undefined && known !== judgement.rawText)
            throw contradiction(judgement);
        textOf.set(prompt, judgement.rawText);
    }
    return textOf;
}
async function* complete(textOf, prompts, signal) {
    for (const { tag, text: prompt } of prompts) {
        signal?.throwIfAborted();
        const text = textOf.get(prompt);
        if (text === undefined)
            yield { tag, error: 'the file has no verdict on this pair in this order' };
        else
            yield { tag, text, stopReason: 'eos', promptTokens: 0, generatedTokens: 0, durationMs: 0 };
    }
}
function contradiction({ where }) {
    return new InputError({
        code: 'bad-results',
        where,
        expected: 'one verdict for each pair in each order',
        found: 'another verdict on a pair that the file has already',
        fix: 'Remove one of the two.',
    });
}
