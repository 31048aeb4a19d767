import { type Answered, answersOf, type OpenQuestion } from '../../sources/answerers.ts';
import { checkModelKeys } from '../../sources/require-api-keys.ts';
import type { SweepModel } from '../../sources/sweep-models.ts';
import {
  type AnswerMapping,
  type GenerationRecord,
  knownResponseKeys,
  saveAnswers,
} from '../../store/tables/answer-table.ts';
import { type Missing, noteMissing } from '../checks/missing.ts';
import type { Sweep } from '../open-sweep.ts';
import { type ModelQuestion, partsOf, questionFor } from '../plan/generation-requests.ts';
import { inBatches } from './batches.ts';
import { sideBySide } from './side-by-side.ts';

/** Answers that are written in one transaction. */
const UNIT_ANSWERS = 64;

/**
 * Answers every instruction at all exits of all models, one model after the other; servers answer while this machine does.
 * What is known by content key is not answered again.
 * @returns what got no answer, already noted on the progress
 */
export async function generateStage(sweep: Sweep): Promise<Missing[]> {
  checkModelKeys(sweep);
  const models = [...sweep.models.values()];
  const local = models.filter(({ source }) => source !== 'endpoint');
  const remote = models.filter(({ source }) => source === 'endpoint');
  const works = [local, remote].map((own) => (running: Sweep) => answerInTurn(running, own));
  return (await sideBySide(sweep, works)).flat();
}

async function answerInTurn(sweep: Sweep, models: readonly SweepModel[]): Promise<Missing[]> {
  const missing: Missing[] = [];
  for (const model of models) missing.push(...(await answerAll(sweep, model)));
  return missing;
}

async function answerAll(sweep: Sweep, model: SweepModel): Promise<Missing[]> {
  const questions = sweep.instructions.map((instruction) => questionFor(sweep, model, instruction));
  const allKeys = questions.flatMap((question) => [...question.keys.values()]);
  const known = knownResponseKeys(sweep.store, allKeys);
  const answers = questions.flatMap((question) =>
    [...question.keys].filter(([, key]) => known.has(key)).map(([exit]) => mappingOf(model, question, exit)),
  );
  saveAnswers(sweep.store, sweep.run, { generations: [], answers });
  const label = `${model.label}: answers`;
  const task = sweep.progress.start(label, allKeys.length, answers.length);
  const reasons: string[] = [];
  try {
    if (answers.length === allKeys.length) return [];
    const replies = answersOf(sweep, model, openQuestions(questions, known));
    for await (const unit of inBatches(replies, UNIT_ANSWERS)) {
      const answered = unit.flatMap((reply) => ('error' in reply ? [] : [reply]));
      saveUnit(sweep, model, answered);
      task.advance(answered.length);
      reasons.push(...unit.flatMap((reply) => ('error' in reply ? [reply.error] : [])));
    }
  } finally {
    task.end();
  }
  return noteMissing(sweep.progress, { label, total: allKeys.length, reasons });
}

function openQuestions(
  questions: readonly ModelQuestion[],
  known: ReadonlySet<string>,
): OpenQuestion<ModelQuestion>[] {
  return questions
    .map((question) => ({
      tag: question,
      instruction: question.instruction,
      prompt: question.prompt,
      exits: [...question.keys].filter(([, key]) => !known.has(key)).map(([exit]) => exit),
    }))
    .filter(({ exits }) => exits.length > 0);
}

function saveUnit(sweep: Sweep, model: SweepModel, unit: readonly Answered<ModelQuestion>[]): void {
  saveAnswers(sweep.store, sweep.run, {
    generations: unit.map((answered) => toRecord(sweep, model, answered)),
    answers: unit.map(({ tag, exit }) => mappingOf(model, tag, exit)),
  });
}

function toRecord(sweep: Sweep, model: SweepModel, answered: Answered<ModelQuestion>): GenerationRecord {
  const { tag, exit, text, tokenIds, stopReason, durationMs, promptTokens } = answered;
  return {
    ...partsOf(sweep, model, tag.promptSha256, exit),
    responseKey: tag.keys.get(exit)!,
    text,
    tokenIds,
    stopReason,
    durationMs,
    promptTokens,
  };
}

function mappingOf(model: SweepModel, { instruction, keys }: ModelQuestion, exit: number): AnswerMapping {
  return { model: model.name, exit, instructionId: instruction.id, responseKey: keys.get(exit)! };
}
