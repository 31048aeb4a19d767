import { alpacaPrompt } from '../../data/alpaca-prompt.js';
import { batchesOf, MAX_PASS_TOKENS } from '../../engine/session/batches.js';
import { isFolderModel } from '../../sources/sweep-models.js';
import { readAnswers } from '../../store/tables/answer-table.js';
import { knownLikelihoods, saveLikelihoods, saveReference } from '../../store/tables/likelihood-table.js';
import { runJob } from '../../worker/run-job.js';
import { byInstruction } from '../plan/by-instruction.js';
import { haveOneVocabulary } from '../plan/vocabulary.js';
import { runStage } from '../stage.js';
/**
 * The mean token log-probability of every response under the scorer, given the prompt. Responses of servers and files have
 * no token ids, and those of another vocabulary mean nothing to the scorer: they get none.
 */
export async function loglikelihoodStage(context, job = runJob) {
    const { store, run, scorer } = context;
    if (scorer)
        await runStage(stageOf(context, scorer, job), context);
    else
        saveReference(store, run, undefined);
}
function stageOf(context, { model, exit }, job) {
    const { store, run, config } = context;
    const referenceKey = model.keys.get(exit);
    const instruments = { folder: model.folder, exit, batchSize: config.generation.batchSize };
    return {
        label: `likelihood: ${model.label}@${exit}`,
        items: responsesFor(context, model),
        keysOf: ({ responseKey }) => [responseKey],
        known: (keys) => knownLikelihoods(store, referenceKey, keys),
        settle: () => saveReference(store, run, { model: model.name, exit, referenceKey }),
        compute: (open, signal) => job('loglikelihood', { ...instruments, batches: batchesFor(open, model) }, signal),
        save: (batch) => saveLikelihoods(store, batch.map((measured) => ({ ...measured, referenceKey }))),
    };
}
/** The distinct responses that the scorer can read, by instruction. */
function responsesFor({ store, run, models, instructions }, scorer) {
    const stored = [...models.values()]
        .filter((model) => isFolderModel(model) && haveOneVocabulary(model, scorer))
        .flatMap(({ name, exits }) => exits.map((exit) => readAnswers(store, run, { model: name, exit })));
    return instructions.flatMap((instruction) => {
        const responses = stored.flatMap((byId) => byId.get(instruction.id) ?? []);
        const distinct = new Map(responses.map((response) => [response.responseKey, response]));
        return [...distinct.values()].map((response) => ({ ...response, instruction }));
    });
}
/**
 * What is measured and stored together: the responses to a few instructions, whose prompts are read together and have their
 * keys and values in memory at the same time.
 */
function batchesFor(open, { tokenizer }) {
    const groups = byInstruction(open).map((responses) => {
        const context = tokenizer.encode(alpacaPrompt(responses[0].instruction));
        return responses.map(({ responseKey, tokenIds }) => ({ responseKey, context, continuation: tokenIds }));
    });
    const tokensOf = ([first]) => first.context.length;
    return [...batchesOf(groups, { tokensOf, maxTokens: MAX_PASS_TOKENS })].map((batch) => batch.flat());
}
