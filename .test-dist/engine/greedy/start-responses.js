import { headOfExit } from '../../model/folder/manifest.js';
import { prefill } from '../forced/prefill.js';
/**
 * Reads prompts of one length, each once for all of its exits, and chooses the first tokens. The rows with the most work
 * come first: the deepest.
 * @throws InputError `unknown-exit`
 */
export async function startResponses(model, prompts) {
    const startedAt = performance.now();
    const { manifest } = model;
    const starts = prompts.flatMap((prompt, prefilledRow) => prompt.exits.map((exit) => ({
        prompt,
        prefilledRow,
        exit,
        headFile: headOfExit(manifest, exit, 'exit').file,
        segments: manifest.exits.indexOf(exit) + 1,
    })));
    starts.sort((left, right) => right.segments - left.segments);
    const segments = Math.max(...starts.map((start) => start.segments));
    const sequences = prompts.map(({ ids }) => ids);
    const { length } = sequences[0];
    const { cache: prefilled, hidden } = await prefill(model, sequences, { segments, from: length - 1 });
    const tokens = await firstTokens(model, starts, hidden);
    return starts.map((start, index) => {
        const token = tokens[index];
        return { ...start, length, lastToken: token, tokenIds: [token], startedAt, prefilled };
    });
}
/**
 * The first token of each start. One run for each head, which serves one exit or all of them.
 * @param hidden for each segment [prompts, D], the states of the prompts' last tokens after it
 */
async function firstTokens(model, starts, hidden) {
    const { hiddenSize } = model.manifest.architecture;
    const tokens = [];
    for (const headFile of new Set(starts.map((start) => start.headFile))) {
        const own = [...starts.entries()].filter(([, start]) => start.headFile === headFile);
        const states = new Float32Array(own.length * hiddenSize);
        for (const [place, [, { segments, prefilledRow }]] of own.entries()) {
            const from = prefilledRow * hiddenSize;
            states.set(hidden[segments - 1].subarray(from, from + hiddenSize), place * hiddenSize);
        }
        const next = await model.nextTokens(headFile, states);
        for (const [place, [index]] of own.entries())
            tokens[index] = next[place];
    }
    return tokens;
}
