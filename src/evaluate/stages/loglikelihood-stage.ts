import type { SweepConfig } from '../../config/sweep-file.ts';
import type { Instruction } from '../../core/domain.ts';
import { alpacaPrompt } from '../../data/alpaca-prompt.ts';
import { type FolderModel, isFolderModel, type SweepModel } from '../../sources/sweep-models.ts';
import { readAnswers, type StoredAnswer } from '../../store/tables/answer-table.ts';
import { knownLikelihoods, saveLikelihoods, saveReference } from '../../store/tables/likelihood-table.ts';
import type { AnsweredQuestion, Likelihood } from '../../worker/jobs/likelihood-job.ts';
import { runJob } from '../../worker/run-job.ts';
import { byInstruction } from '../plan/by-instruction.ts';
import type { Scorer } from '../plan/plan-scorer.ts';
import { haveOneVocabulary } from '../plan/vocabulary.ts';
import { runStage, type Stage, type StageContext } from '../stage.ts';

export interface LoglikelihoodContext extends StageContext {
  readonly models: ReadonlyMap<string, SweepModel>;
  readonly scorer: Scorer | undefined;
  readonly config: Pick<SweepConfig, 'generation'>;
}

type Item = StoredAnswer & { readonly instruction: Instruction };

/** Prompts that are read together; their keys and values are in memory at the same time. */
const UNIT_TOKENS = 512;

/**
 * The mean token log-probability of every response under the scorer, given the prompt. Responses of servers and files have
 * no token ids, and those of another vocabulary mean nothing to the scorer: they get none.
 */
export async function loglikelihoodStage(context: LoglikelihoodContext, job = runJob): Promise<void> {
  const { store, run, scorer } = context;
  if (scorer) await runStage(stageOf(context, scorer, job), context);
  else saveReference(store, run, undefined);
}

function stageOf(context: LoglikelihoodContext, { model, exit }: Scorer, job: typeof runJob) {
  const { store, run, config } = context;
  const referenceKey = model.keys.get(exit)!;
  const instruments = { folder: model.folder, exit, batchSize: config.generation.batchSize };
  return {
    label: `likelihood: ${model.label}@${exit}`,
    items: responsesFor(context, model),
    keysOf: ({ responseKey }) => [responseKey],
    known: (keys) => knownLikelihoods(store, referenceKey, keys),
    settle: () => saveReference(store, run, { model: model.name, exit, referenceKey }),
    compute: (open, signal) => job('likelihood', { ...instruments, units: unitsOf(open, model) }, signal),
    save: (unit) =>
      saveLikelihoods(
        store,
        unit.map((measured) => ({ ...measured, referenceKey })),
      ),
  } satisfies Stage<Item, Likelihood>;
}

/** The distinct responses that the scorer can read, by instruction. */
function responsesFor(
  { store, run, models, instructions }: LoglikelihoodContext,
  scorer: FolderModel,
): Item[] {
  const stored = [...models.values()]
    .filter((model) => isFolderModel(model) && haveOneVocabulary(model, scorer))
    .flatMap(({ name, exits }) => exits.map((exit) => readAnswers(store, run, { model: name, exit })));
  return instructions.flatMap((instruction) => {
    const responses = stored.flatMap((byId) => byId.get(instruction.id) ?? []);
    const distinct = new Map(responses.map((response) => [response.responseKey, response]));
    return [...distinct.values()].map((response) => ({ ...response, instruction }));
  });
}

/** What is measured and stored together. */
function unitsOf(open: readonly Item[], { tokenizer }: FolderModel): AnsweredQuestion[][] {
  const units: AnsweredQuestion[][] = [];
  let tokens = Number.POSITIVE_INFINITY;
  for (const responses of byInstruction(open)) {
    const promptIds = tokenizer.encode(alpacaPrompt(responses[0]!.instruction));
    tokens += promptIds.length;
    if (tokens > UNIT_TOKENS) {
      units.push([]);
      tokens = promptIds.length;
    }
    const answers = new Map(responses.map(({ responseKey, tokenIds }) => [responseKey, tokenIds]));
    units.at(-1)!.push({ promptIds, answers });
  }
  return units;
}
