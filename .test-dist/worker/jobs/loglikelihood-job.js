import { readHead } from '../../engine/forced/head-in-memory.js';
import { LoglikelihoodMeter, meanLogProbabilities } from '../../engine/forced/loglikelihood.js';
import { SegmentedModel } from '../../engine/session/segmented-model.js';
/** The mean log-probability of every response under the scorer, given its prompt; batch by batch. */
export async function* loglikelihoodJob({ folder, exit, batchSize, batches }, signal) {
    const model = await SegmentedModel.open(folder);
    try {
        const meter = await LoglikelihoodMeter.open(readHead(folder, model.manifest, exit));
        try {
            for (const batch of batches) {
                signal.throwIfAborted();
                yield await measure({ model, exit, meter }, batch, batchSize);
            }
        }
        finally {
            await meter.close();
        }
    }
    finally {
        await model.close();
    }
}
/** Equal responses of different sub-models are measured once. */
async function measure(scorer, batch, batchSize) {
    const { contextLength } = scorer.model.manifest.architecture;
    const truncated = batch.map((one) => {
        const room = Math.max(0, contextLength - one.context.length + 1);
        return { ...one, continuation: one.continuation.slice(0, room) };
    });
    const distinct = new Map(truncated.filter(({ continuation }) => continuation.length > 0).map((one) => [idsOf(one), one]));
    const means = await meanLogProbabilities(scorer, [...distinct.values()], batchSize);
    const meanOf = new Map([...distinct.keys()].map((ids, index) => [ids, means[index]]));
    return truncated.map((one) => ({
        responseKey: one.responseKey,
        tokens: one.continuation.length,
        meanLogProbability: meanOf.get(idsOf(one)) ?? null,
    }));
}
const idsOf = ({ context, continuation }) => `${context.join()} ${continuation.join()}`;
