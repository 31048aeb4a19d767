import type { RespondSettings, SweepModel } from '../../sources/model-source.ts';
import { knownResponseKeys, type ResponseRecord, saveResponses } from '../../store/tables/response-table.ts';
import { type MissingResults, noteMissing } from '../checks/missing.ts';
import { generationRequests, type WantedResponse, wantedResponses } from '../plan/generation-requests.ts';
import { requireModelKeys } from '../plan/require-api-keys.ts';
import type { ConfigContext, ModelsContext } from '../plan/run-context.ts';
import { inUnits, runStage, type Stage, type StageContext } from '../stage.ts';
import { sideBySide } from './side-by-side.ts';

export type GenerateContext = StageContext &
  ModelsContext &
  ConfigContext<'generation'> &
  Pick<RespondSettings, 'memoryMB'>;

/** Responses that are written in one transaction. */
const UNIT_RESPONSES = 64;

/**
 * Generates the responses of all models, one model after the other; servers work at the same time as this machine.
 * @returns what got no response, already noted on the progress
 */
export async function generateStage(context: GenerateContext): Promise<MissingResults[]> {
  requireModelKeys(context);
  const models = [...context.models.values()];
  const local = models.filter(({ isRemote }) => !isRemote);
  const remote = models.filter(({ isRemote }) => isRemote);
  const works = [local, remote].map((own) => async (signal: AbortSignal) => {
    const missing: MissingResults[] = [];
    for (const model of own) {
      const stage = stageOf({ ...context, signal }, model);
      missing.push(...noteMissing(context.progress, await runStage(stage, { ...context, signal })));
    }
    return missing;
  });
  return (await sideBySide(works, context.signal)).flat();
}

function stageOf(context: GenerateContext, model: SweepModel) {
  const { store, run, config, memoryMB, signal } = context;
  const settings = { generation: config.generation, memoryMB, signal };
  return {
    label: `${model.label}: answers`,
    items: wantedResponses(context, model),
    keysOf: (wanted) => [wanted.responseKey],
    known: (keys) => knownResponseKeys(store, keys),
    settle: (known) => saveResponses(store, run, { responses: [], mappings: known }),
    async *compute(open) {
      const replies = model.respond(generationRequests(open), settings);
      for await (const unit of inUnits(replies, UNIT_RESPONSES)) {
        yield unit.map(({ tag, ...reply }) =>
          'error' in reply ? reply : { ...tag.find(({ exit }) => exit === reply.exit)!, ...reply },
        );
      }
    },
    save: (responses) => saveResponses(store, run, { responses, mappings: responses }),
  } satisfies Stage<WantedResponse, WantedResponse & ResponseRecord>;
}
