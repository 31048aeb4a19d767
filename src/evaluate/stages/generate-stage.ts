import { type AnswerSettings, answersOf } from '../../sources/answerers.ts';
import type { SweepModel } from '../../sources/sweep-models.ts';
import { type GenerationRecord, knownResponseKeys, saveAnswers } from '../../store/tables/answer-table.ts';
import { type MissingResults, noteMissing } from '../checks/missing.ts';
import { generationRequests, type WantedResponse, wantedResponses } from '../plan/generation-requests.ts';
import { requireModelKeys } from '../plan/require-api-keys.ts';
import type { ModelsContext } from '../plan/run-context.ts';
import { inUnits, runStage, type Stage, type StageContext } from '../stage.ts';
import { sideBySide } from './side-by-side.ts';

export type GenerateContext = StageContext & ModelsContext & AnswerSettings;

/** Responses that are written in one transaction. */
const UNIT_RESPONSES = 64;

/**
 * Generates the responses of all models, one model after the other; servers work at the same time as this machine.
 * @returns what got no response, already noted on the progress
 */
export async function generateStage(
  context: GenerateContext,
  respond = answersOf,
): Promise<MissingResults[]> {
  requireModelKeys(context);
  const models = [...context.models.values()];
  const local = models.filter(({ source }) => source !== 'endpoint');
  const remote = models.filter(({ source }) => source === 'endpoint');
  const works = [local, remote].map((own) => async (signal: AbortSignal) => {
    const missing: MissingResults[] = [];
    for (const model of own) {
      const stage = stageOf({ ...context, signal }, model, respond);
      missing.push(...noteMissing(context.progress, await runStage(stage, { ...context, signal })));
    }
    return missing;
  });
  return (await sideBySide(works, context.signal)).flat();
}

function stageOf(context: GenerateContext, model: SweepModel, respond: typeof answersOf) {
  const { store, run } = context;
  return {
    label: `${model.label}: answers`,
    items: wantedResponses(context, model),
    keysOf: (wanted) => [wanted.responseKey],
    known: (keys) => knownResponseKeys(store, keys),
    settle: (known) => saveAnswers(store, run, { generations: [], answers: known }),
    async *compute(open) {
      const replies = respond(context, model, generationRequests(open));
      for await (const unit of inUnits(replies, UNIT_RESPONSES)) {
        yield unit.map(({ tag, ...reply }) =>
          'error' in reply ? reply : { ...tag.find(({ exit }) => exit === reply.exit)!, ...reply },
        );
      }
    },
    save: (responses) => saveAnswers(store, run, { generations: responses, answers: responses }),
  } satisfies Stage<WantedResponse, WantedResponse & GenerationRecord>;
}
