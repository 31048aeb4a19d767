import { alpacaPrompt } from '../../data/alpaca-prompt.ts';
import { type FolderModel, isFolderModel } from '../../sources/sweep-models.ts';
import { readAnswers } from '../../store/tables/answer-table.ts';
import { knownLikelihoods, saveLikelihoods, saveReference } from '../../store/tables/likelihood-table.ts';
import type { AnsweredQuestion } from '../../worker/jobs/likelihood-job.ts';
import { runJob } from '../../worker/run-job.ts';
import type { Sweep } from '../open-sweep.ts';

/** Prompts that are read at once; their keys and values are in memory together. */
const UNIT_TOKENS = 512;

/**
 * Asks the reference how likely it finds every answer, given the prompt. Answers of servers and files have no token ids, and
 * those of another vocabulary mean nothing to the reference: for these only the measures of their texts are known.
 */
export async function likelihoodStage(sweep: Sweep): Promise<void> {
  const { store, run, reference, progress } = sweep;
  const referenceKey = reference?.model.keys.get(reference.exit);
  saveReference(
    store,
    run,
    reference && { model: reference.model.name, exit: reference.exit, referenceKey: referenceKey! },
  );
  if (!reference) return;
  const questions = questionsFor(sweep, reference.model);
  const keys = questions.flatMap(({ answers }) => [...answers.keys()]);
  const known = knownLikelihoods(store, referenceKey!, keys);
  const task = progress.start(
    `likelihood: ${reference.model.label}@${reference.exit}`,
    keys.length,
    known.size,
  );
  try {
    if (known.size === keys.length) return;
    const units = unitsOf(questions, known);
    const { folder } = reference.model;
    const { batchSize } = sweep.config.generation;
    const input = { folder, exit: reference.exit, batchSize, units };
    for await (const measured of runJob('likelihood', input, sweep.signal)) {
      const records = measured.map((record) => ({ ...record, referenceKey: referenceKey! }));
      saveLikelihoods(store, records);
      task.advance(records.length);
    }
  } finally {
    task.end();
  }
}

function questionsFor(
  { store, run, models, instructions }: Sweep,
  reference: FolderModel,
): AnsweredQuestion[] {
  const stored = [...models.values()]
    .filter((model) => isFolderModel(model) && isSameVocabulary(model, reference))
    .flatMap(({ name, exits }) => exits.map((exit) => readAnswers(store, run, { model: name, exit })));
  return instructions.map((instruction) => {
    const answers = stored.flatMap((byId) => byId.get(instruction.id) ?? []);
    return {
      promptIds: reference.tokenizer.encode(alpacaPrompt(instruction)),
      answers: new Map(answers.map(({ responseKey, tokenIds }) => [responseKey, tokenIds])),
    };
  });
}

function isSameVocabulary({ manifest: a }: FolderModel, { manifest: b }: FolderModel): boolean {
  const isSameTokenizer = a.files['tokenizer.json']!.sha256 === b.files['tokenizer.json']!.sha256;
  return isSameTokenizer && a.architecture.vocabSize === b.architecture.vocabSize;
}

/** Questions with what is not known of them, a few at a time: what is measured and stored at once. */
function unitsOf(questions: readonly AnsweredQuestion[], known: ReadonlySet<string>): AnsweredQuestion[][] {
  const units: AnsweredQuestion[][] = [];
  let tokens = Number.POSITIVE_INFINITY;
  for (const { promptIds, answers } of questions) {
    const open = [...answers].filter(([key]) => !known.has(key));
    if (open.length === 0) continue;
    tokens += promptIds.length;
    if (tokens > UNIT_TOKENS) {
      units.push([]);
      tokens = promptIds.length;
    }
    units.at(-1)!.push({ promptIds, answers: new Map(open) });
  }
  return units;
}
