import { batchesOf, MAX_PASS_TOKENS } from '../session/batches.js';
import { continueContexts } from './continue-contexts.js';
import { prefill } from './prefill.js';
/**
 * Runs given tokens: for each continuation the states that decoding it would have. Continuations of one length go through
 * the layers together. Rows do not touch each other and nothing is padded, so a state does not depend on the other
 * continuations, bit for bit (ONNX Runtime 1.30.0; guarded by test/engine/forced/teacher-force.test.ts).
 * @throws InputError `bad-checkpoint` for an id beyond the vocabulary
 */
export async function teacherForce(model, continuations, { exits, shareContexts = false, batchSize = Number.POSITIVE_INFINITY }) {
    const given = continuations.filter(({ continuation }) => continuation.length > 0);
    const isShared = ({ continuation }) => shareContexts && continuation.length <= MAX_PASS_TOKENS;
    const whole = given.filter((one) => !isShared(one));
    const states = await continueContexts(model, given.filter(isShared), exits, batchSize);
    for (const batch of batchesOf(whole, limitsOf(model, batchSize))) {
        for (const [row, own] of (await forceTogether(model, batch, exits)).entries())
            states.set(batch[row], own);
    }
    return continuations.map((one) => states.get(one) ?? new Map(exits.map((exit) => [exit, NO_STATES])));
}
const NO_STATES = new Float32Array(0);
/** Rotary tables may depend on the context's length; a run takes one of them. */
function limitsOf(model, maxItems) {
    const lengthOf = ({ context, continuation }) => context.length + continuation.length;
    const sameKey = (one) => `${lengthOf(one)} ${model.rotationOf(one.context.length)}`;
    return { sameKey, tokensOf: lengthOf, maxTokens: MAX_PASS_TOKENS, maxItems };
}
/** Continuations that have one length together with their contexts, whatever the context's share is. */
async function forceTogether(model, batch, exits) {
    const { manifest } = model;
    // The state at the context's last token predicts the first one; the continuation's last token need not be read.
    const sequences = batch.map(({ context, continuation }) => [...context, ...continuation.slice(0, -1)]);
    const starts = batch.map(({ context }) => context.length - 1);
    const from = Math.min(...starts);
    const segments = manifest.exits.indexOf(Math.max(...exits)) + 1;
    const promptTokens = batch[0].context.length;
    const { hidden } = await prefill(model, sequences, { segments, from, promptTokens });
    const width = manifest.architecture.hiddenSize;
    const kept = sequences[0].length - from;
    return starts.map((start, row) => {
        const [first, end] = [(row * kept + start - from) * width, (row + 1) * kept * width];
        return new Map(exits.map((exit) => [exit, hidden[manifest.exits.indexOf(exit)].subarray(first, end)]));
    });
}
