import { isMeasuredModel, type MeasuredModel } from '../../sources/served/measured-model.ts';
import {
  knownLoglikelihoods,
  saveLoglikelihoods,
  saveScorer,
} from '../../store/tables/loglikelihood-table.ts';
import { readResponses } from '../../store/tables/response-table.ts';
import { jobRunner, type WorkerOptions } from '../../worker/job-runner.ts';
import type { Loglikelihood } from '../../worker/jobs/loglikelihood-job.ts';
import type { runJob } from '../../worker/run-job.ts';
import { type MissingResults, noteMissing } from '../checks/missing.ts';
import { likelihoodsOf, type ScoredResponse } from '../forced/likelihood.ts';
import type { Scorer, ScorerContext } from '../plan/plan-scorer.ts';
import type { ConfigContext, ModelsContext } from '../plan/run-context.ts';
import { haveOneVocabulary } from '../plan/vocabulary.ts';
import { runStage, type Stage, type StageContext } from '../stage.ts';

export type LoglikelihoodContext = StageContext &
  WorkerOptions &
  ModelsContext &
  ConfigContext<'generation'> &
  ScorerContext;

/**
 * The mean token log-probability of responses under the scorer; texts and other vocabularies have no ids for it.
 * @returns what a server left out, already noted on the progress
 */
export async function loglikelihoodStage(
  context: LoglikelihoodContext,
  job = jobRunner(context),
): Promise<MissingResults[]> {
  const { store, run, scorer } = context;
  if (scorer) return noteMissing(context.progress, await runStage(stageOf(context, scorer, job), context));
  saveScorer(store, run, undefined);
  return [];
}

function stageOf(context: LoglikelihoodContext, { model, exit }: Scorer, job: typeof runJob) {
  const { store, run, config } = context;
  const scorerKey = model.keys.get(exit)!;
  return {
    label: `likelihood: ${model.label}@${exit}`,
    items: responsesFor(context, model),
    keysOf: ({ responseKey }) => [responseKey],
    known: (keys) => knownLoglikelihoods(store, scorerKey, keys),
    settle: () => saveScorer(store, run, { model: model.name, exit, scorerKey }),
    compute: (open, signal) =>
      likelihoodsOf({ model, exit }, open, { generation: config.generation, job }, signal),
    save: (measured) =>
      saveLoglikelihoods(
        store,
        measured.map((record) => ({ ...record, scorerKey })),
      ),
  } satisfies Stage<ScoredResponse, Loglikelihood>;
}

/** The distinct responses that the scorer can read, by instruction. */
function responsesFor(context: LoglikelihoodContext, scorer: MeasuredModel): ScoredResponse[] {
  const { store, run, models, instructions } = context;
  const stored = [...models.values()]
    .filter((model) => isMeasuredModel(model) && haveOneVocabulary(model, scorer))
    .flatMap(({ name, exits }) => exits.map((exit) => readResponses(store, run, { model: name, exit })));
  return instructions.flatMap((instruction) => {
    const responses = stored.flatMap((byId) => byId.get(instruction.id) ?? []);
    const distinct = new Map(responses.map((response) => [response.responseKey, response]));
    return [...distinct.values()].flatMap(({ tokenIds, ...response }) =>
      tokenIds?.length ? [{ ...response, tokenIds, instruction }] : [],
    );
  });
}
