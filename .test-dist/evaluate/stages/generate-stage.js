import { answersOf } from '../../sources/answerers.js';
import { knownResponseKeys, saveAnswers } from '../../store/tables/answer-table.js';
import { noteMissing } from '../checks/missing.js';
import { generationRequests, wantedResponses } from '../plan/generation-requests.js';
import { requireModelKeys } from '../plan/require-api-keys.js';
import { inUnits, runStage } from '../stage.js';
import { sideBySide } from './side-by-side.js';
/** Responses that are written in one transaction. */
const UNIT_RESPONSES = 64;
/**
 * Generates the responses to every instruction at all exits of all models, one model after the other; servers work at the
 * same time as this machine.
 * @returns what got no response, already noted on the progress
 */
export async function generateStage(context, respond = answersOf) {
    requireModelKeys(context);
    const models = [...context.models.values()];
    const local = models.filter(({ source }) => source !== 'endpoint');
    const remote = models.filter(({ source }) => source === 'endpoint');
    const works = [local, remote].map((own) => async (signal) => {
        const missing = [];
        for (const model of own) {
            const stage = stageOf({ ...context, signal }, model, respond);
            missing.push(...noteMissing(context.progress, await runStage(stage, { ...context, signal })));
        }
        return missing;
    });
    return (await sideBySide(works, context.signal)).flat();
}
function stageOf(context, model, respond) {
    const { store, run } = context;
    return {
        label: `${model.label}: answers`,
        items: wantedResponses(context, model),
        keysOf: (wanted) => [wanted.responseKey],
        known: (keys) => knownResponseKeys(store, keys),
        settle: (known) => saveAnswers(store, run, { generations: [], answers: known }),
        async *compute(open) {
            for await (const replies of inUnits(respond(context, model, generationRequests(open)), UNIT_RESPONSES)) {
                yield replies.map(({ tag, ...reply }) => 'error' in reply ? reply : { ...tag.find(({ exit }) => exit === reply.exit), ...reply });
            }
        },
        save: (responses) => saveAnswers(store, run, { generations: responses, answers: responses }),
    };
}
