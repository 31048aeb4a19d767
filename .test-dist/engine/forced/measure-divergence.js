import { batchesOf, MAX_PASS_TOKENS } from '../session/batches.js';
import { SegmentedModel } from '../session/segmented-model.js';
import { readHead } from './head-in-memory.js';
import { KlMeter } from './kl-meter.js';
import { teacherForce } from './teacher-force.js';
/**
 * KL(reference ‖ sub-model) at every position of the continuations, in any order; an empty one has no positions. One
 * teacher-forced pass through a model gives the hidden states of all its exits.
 * @throws InputError when a folder does not fit; the signal's reason when it is aborted
 */
export async function* measureDivergence(sides, continuations, signal) {
    const instruments = await openInstruments(sides);
    const indexed = continuations.map((one, index) => ({ ...one, index }));
    const lengthOf = ({ context, continuation }) => context.length + continuation.length;
    const limits = { sameKey: lengthOf, tokensOf: lengthOf, maxTokens: MAX_PASS_TOKENS };
    try {
        for (const batch of batchesOf(indexed, limits)) {
            signal?.throwIfAborted();
            yield* await measure(sides, batch, instruments);
        }
    }
    finally {
        await instruments.close();
    }
}
async function openInstruments(sides) {
    const { folder } = sides.model;
    const model = await SegmentedModel.open(folder);
    const isOwnReference = folder === sides.reference.folder;
    const referenceModel = isOwnReference ? model : await SegmentedModel.open(sides.reference.folder);
    const heads = headsOf(model.manifest, sides.model);
    const { exit } = sides.reference;
    const meter = await KlMeter.open(readHead(sides.reference.folder, referenceModel.manifest, exit), heads.map(({ head }) => head));
    const close = async () => {
        await meter.close();
        await model.close();
        if (!isOwnReference)
            await referenceModel.close();
    };
    return { model, referenceModel, meter, exitsOfHeads: heads.map(({ exits }) => exits), close };
}
/** The heads of the model's exits, each with its exits. */
function headsOf(manifest, { folder, exits }) {
    return manifest.heads
        .map((head) => head.exits.filter((exit) => exits.includes(exit)))
        .filter((own) => own.length > 0)
        .map((own) => {
        return { exits: own, head: readHead(folder, manifest, own[0]) };
    });
}
async function measure(sides, batch, { model, referenceModel, meter, exitsOfHeads }) {
    const { exits } = sides.model;
    const { exit: referenceExit } = sides.reference;
    const isOnePass = model === referenceModel && referenceExit <= Math.max(...exits);
    const states = await teacherForce(model, batch, { exits: isOnePass ? [...exits, referenceExit] : exits });
    const referenceStates = isOnePass
        ? states
        : await teacherForce(referenceModel, batch, { exits: [referenceExit] });
    const divergences = [];
    for (const [row, { index }] of batch.entries()) {
        const own = exitsOfHeads.map((ofHead) => ofHead.map((exit) => states[row].get(exit)));
        const measured = await meter.measure(referenceStates[row].get(referenceExit), own);
        const klOf = new Map(exitsOfHeads.flat().map((exit, place) => [exit, measured.flat()[place]]));
        divergences.push({ continuation: index, klNats: exits.map((exit) => klOf.get(exit)) });
    }
    return divergences;
}
