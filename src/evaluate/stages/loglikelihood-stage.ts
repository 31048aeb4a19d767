import type { SweepConfig } from '../../config/sweep-file.ts';
import type { Instruction } from '../../core/domain.ts';
import { batchesOf, MAX_PASS_TOKENS } from '../../engine/session/batches.ts';
import { encodePrompt } from '../../model/tokenizer/tokenizer.ts';
import { type FolderModel, isFolderModel } from '../../sources/folder-source.ts';
import {
  knownLoglikelihoods,
  saveLoglikelihoods,
  saveScorer,
} from '../../store/tables/loglikelihood-table.ts';
import { readResponses, type StoredResponse } from '../../store/tables/response-table.ts';
import { jobRunner, type WorkerOptions } from '../../worker/job-runner.ts';
import type { KeyedContinuation, Loglikelihood } from '../../worker/jobs/loglikelihood-job.ts';
import type { runJob } from '../../worker/run-job.ts';
import { byInstruction } from '../plan/by-instruction.ts';
import { modelPrompt } from '../plan/model-prompts.ts';
import type { Scorer, ScorerContext } from '../plan/plan-scorer.ts';
import type { ConfigContext, ModelsContext } from '../plan/run-context.ts';
import { haveOneVocabulary } from '../plan/vocabulary.ts';
import { runStage, type Stage, type StageContext } from '../stage.ts';

export type LoglikelihoodContext = StageContext &
  WorkerOptions &
  ModelsContext &
  ConfigContext<'generation'> &
  ScorerContext;

type Item = StoredResponse & { readonly instruction: Instruction; readonly tokenIds: readonly number[] };

/** The mean token log-probability of responses under the scorer; texts and other vocabularies have no ids for it. */
export async function loglikelihoodStage(
  context: LoglikelihoodContext,
  job = jobRunner(context),
): Promise<void> {
  const { store, run, scorer } = context;
  if (scorer) await runStage(stageOf(context, scorer, job), context);
  else saveScorer(store, run, undefined);
}

function stageOf(context: LoglikelihoodContext, { model, exit }: Scorer, job: typeof runJob) {
  const { store, run, config } = context;
  const scorerKey = model.keys.get(exit)!;
  const instruments = { folder: model.folder, exit, batchSize: config.generation.batchSize };
  return {
    label: `likelihood: ${model.label}@${exit}`,
    items: responsesFor(context, model),
    keysOf: ({ responseKey }) => [responseKey],
    known: (keys) => knownLoglikelihoods(store, scorerKey, keys),
    settle: () => saveScorer(store, run, { model: model.name, exit, scorerKey }),
    compute: (open, signal) =>
      job('loglikelihood', { ...instruments, batches: batchesFor(open, model, config) }, signal),
    save: (measured) =>
      saveLoglikelihoods(
        store,
        measured.map((record) => ({ ...record, scorerKey })),
      ),
  } satisfies Stage<Item, Loglikelihood>;
}

/** The distinct responses that the scorer can read, by instruction. */
function responsesFor(context: LoglikelihoodContext, scorer: FolderModel): Item[] {
  const { store, run, models, instructions } = context;
  const stored = [...models.values()]
    .filter((model) => isFolderModel(model) && haveOneVocabulary(model, scorer))
    .flatMap(({ name, exits }) => exits.map((exit) => readResponses(store, run, { model: name, exit })));
  return instructions.flatMap((instruction) => {
    const responses = stored.flatMap((byId) => byId.get(instruction.id) ?? []);
    const distinct = new Map(responses.map((response) => [response.responseKey, response]));
    return [...distinct.values()].flatMap(({ tokenIds, ...response }) =>
      tokenIds?.length ? [{ ...response, tokenIds, instruction }] : [],
    );
  });
}

/** What is measured and stored together: the responses to instructions whose prompts fit into one pass. */
function batchesFor(
  open: readonly Item[],
  model: FolderModel,
  { generation }: Pick<SweepConfig, 'generation'>,
): KeyedContinuation[][] {
  const groups = byInstruction(open).map((responses) => {
    const { prompt } = modelPrompt(model, responses[0]!.instruction, generation);
    const context = encodePrompt(model.tokenizer, prompt);
    return responses.map(({ responseKey, tokenIds }) => ({ responseKey, context, continuation: tokenIds }));
  });
  const tokensOf = ([first]: readonly KeyedContinuation[]) => first!.context.length;
  return [...batchesOf(groups, { tokensOf, maxTokens: MAX_PASS_TOKENS })].map((batch) => batch.flat());
}
