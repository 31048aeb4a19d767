import {
  type KlMapping,
  type KlParts,
  type KlRecord,
  klKey,
  knownKlKeys,
  saveKl,
} from '../../store/tables/kl-table.ts';
import { jobRunner, type WorkerOptions } from '../../worker/job-runner.ts';
import type { runJob } from '../../worker/run-job.ts';
import { type MissingResults, noteMissing } from '../checks/missing.ts';
import { divergencesOf, type ForcedResponse } from '../forced/divergence.ts';
import type { Curve } from '../plan/plan-curves.ts';
import { findStoredResponses, readStoredResponses } from '../plan/response-texts.ts';
import type { ConfigContext } from '../plan/run-context.ts';
import { runStage, type Stage, type StageContext } from '../stage.ts';

export type KlContext = StageContext &
  WorkerOptions &
  ConfigContext<'generation'> & { readonly curves: readonly Curve[] };

/** One instruction of a curve: what both sides are forced along, and a point for each exit. */
interface Pass extends ForcedResponse {
  readonly points: readonly (KlMapping & KlParts)[];
}

/**
 * KL(reference ‖ sub-model) along the reference's greedy response; one teacher-forced pass serves all exits of a model.
 * @returns what a server left out, already noted on the progress
 */
export async function klStage(context: KlContext, job = jobRunner(context)): Promise<MissingResults[]> {
  const missing: MissingResults[] = [];
  for (const curve of context.curves)
    missing.push(...noteMissing(context.progress, await runStage(stageOf(context, curve, job), context)));
  return missing;
}

function stageOf(context: KlContext, curve: Curve, job: typeof runJob) {
  const { store, run, config } = context;
  const { model, reference, referenceExit } = curve;
  return {
    label: `KL: ${model.label} from ${reference.label}@${referenceExit}`,
    items: planPasses(context, curve),
    keysOf: ({ points }) => points.map((point) => point.klKey),
    known: (keys) => knownKlKeys(store, keys),
    settle: (known) => saveKl(store, run, { passes: [], curves: known.flatMap(({ points }) => points) }),
    async *compute(open, signal) {
      const { generation } = config;
      for await (const measured of divergencesOf(curve, open, { generation, job }, signal)) {
        if ('error' in measured) yield [measured];
        else yield [pointsOf(open[measured.response]!, measured.klNats)];
      }
    },
    save: (measured) => saveKl(store, run, { passes: measured.flat(), curves: measured.flat() }),
  } satisfies Stage<Pass, (KlMapping & KlRecord)[]>;
}

function pointsOf({ points }: Pass, klNats: readonly (readonly number[])[]) {
  return points.map((point, exit) => ({ ...point, klNats: klNats[exit]! }));
}

function planPasses({ store, run, instructions }: KlContext, curve: Curve): Pass[] {
  const { name, model, reference, referenceExit, positions } = curve;
  const responses = (reference.mayBeIncomplete ? findStoredResponses : readStoredResponses)({ store, run });
  const path = 'teacher-forced on the reference’s greedy answer';
  const settings = { direction: 'KL(reference || sub-model)', path, positions };
  const ends = { curve: name, model: model.name, referenceModel: reference.name, referenceExit };
  const referenceKey = reference.keys.get(referenceExit)!;
  return instructions.flatMap((instruction) => {
    const response = responses(reference.name, referenceExit, instruction.id);
    // A prompt without room for a token has none to be forced along, nor has what a server left out.
    if (!response?.tokenIds?.length) return [];
    const ids = response.tokenIds;
    const points = model.exits.map((exit) => {
      const subModelKey = model.keys.get(exit)!;
      const parts = { subModelKey, referenceKey, responseKey: response.responseKey, settings };
      return { ...ends, exit, instructionId: instruction.id, ...parts, klKey: klKey(parts) };
    });
    return [{ instruction, ids, points }];
  });
}
