import { alpacaPrompt } from '../../data/alpaca-prompt.js';
import { klKey, knownKlKeys, saveKl, } from '../../store/tables/kl-table.js';
import { runJob } from '../../worker/run-job.js';
import { readStoredAnswers } from '../plan/answer-texts.js';
import { runStage } from '../stage.js';
/**
 * KL(reference ‖ sub-model) along the reference's greedy response, for every curve of the sweep. One teacher-forced pass
 * through a model gives the hidden states of all its exits.
 */
export async function klStage(context, job = runJob) {
    for (const curve of context.curves)
        await runStage(stageOf(context, curve, job), context);
}
function stageOf(context, curve, job) {
    const { store, run } = context;
    const { model, reference, referenceExit } = curve;
    const sides = {
        model: { folder: model.folder, exits: model.exits },
        reference: { folder: reference.folder, exit: referenceExit },
    };
    return {
        label: `KL: ${model.label} from ${reference.label}@${referenceExit}`,
        items: planPasses(context, curve),
        keysOf: ({ points }) => points.map((point) => point.klKey),
        known: (keys) => knownKlKeys(store, keys),
        settle: (known) => saveKl(store, run, { passes: [], curves: known.flatMap(({ points }) => points) }),
        async *compute(open, signal) {
            const continuations = open.map((pass) => continuationOf(curve, pass));
            for await (const { continuation, klNats } of job('kl', { ...sides, continuations }, signal)) {
                yield [open[continuation].points.map((point, exit) => ({ ...point, klNats: klNats[exit] }))];
            }
        },
        save: (measured) => saveKl(store, run, { passes: measured.flat(), curves: measured.flat() }),
    };
}
function planPasses({ store, run, instructions }, curve) {
    const { name, model, reference, referenceExit, positions } = curve;
    const responses = readStoredAnswers({ store, run });
    const path = 'teacher-forced on the reference’s greedy answer';
    const settings = { direction: 'KL(reference || sub-model)', path, positions };
    const ends = { curve: name, model: model.name, referenceModel: reference.name, referenceExit };
    const referenceKey = reference.keys.get(referenceExit);
    return instructions.map((instruction) => {
        const response = responses(reference.name, referenceExit, instruction.id);
        const points = model.exits.map((exit) => {
            const subModelKey = model.keys.get(exit);
            const parts = { subModelKey, referenceKey, responseKey: response.responseKey, settings };
            return { ...ends, exit, instructionId: instruction.id, ...parts, klKey: klKey(parts) };
        });
        return { instruction, response, points };
    });
}
/** As much of the reference's response as is measured. */
function continuationOf({ model, reference, positions }, { instruction, response }) {
    const context = reference.tokenizer.encode(alpacaPrompt(instruction));
    // The reference may have a longer context than the model.
    const room = model.manifest.architecture.contextLength - context.length + 1;
    return { context, continuation: response.tokenIds.slice(0, Math.max(0, Math.min(positions, room))) };
}
