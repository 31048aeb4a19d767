import { alpacaPrompt } from '../data/prompt.ts';
import type { Instruction } from '../domain.ts';
import { sha256 } from '../model/hash.ts';
import {
  type AnswerMapping,
  type GenerationRecord,
  knownResponseKeys,
  type ResponseParts,
  responseKey,
  saveAnswers,
} from '../store/answers.ts';
import { type Answered, answersOf, decodingOf, type OpenQuestion } from './answerers.ts';
import { inBatches } from './batches.ts';
import { type Missing, noteMissing } from './missing.ts';
import type { SweepModel } from './models.ts';
import type { Sweep } from './open.ts';

/** Answers that are written in one transaction. */
const UNIT_ANSWERS = 64;

/** One instruction for one model: its prompt, and the content key of its answer at every exit. */
interface Question {
  readonly instruction: Instruction;
  readonly prompt: string;
  readonly promptSha256: string;
  readonly keys: ReadonlyMap<number, string>;
}

/**
 * Answers every instruction at all exits of all models. What is known by content key is not answered again.
 * @returns what got no answer, already noted on the progress
 */
export async function generateStage(sweep: Sweep): Promise<Missing[]> {
  const missing: Missing[] = [];
  for (const model of sweep.models.values()) missing.push(...(await answerAll(sweep, model)));
  return missing;
}

async function answerAll(sweep: Sweep, model: SweepModel): Promise<Missing[]> {
  const questions = sweep.instructions.map((instruction) => ask(sweep, model, instruction));
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

function ask(sweep: Sweep, model: SweepModel, instruction: Instruction): Question {
  const prompt = alpacaPrompt(instruction);
  const promptSha256 = sha256(prompt);
  const keys = model.exits.map((exit): [number, string] => [
    exit,
    responseKey(partsOf(sweep, model, promptSha256, exit)),
  ]);
  return { instruction, prompt, promptSha256, keys: new Map(keys) };
}

function partsOf(sweep: Sweep, model: SweepModel, promptSha256: string, exit: number): ResponseParts {
  return { subModelKey: model.keys.get(exit)!, promptSha256, decoding: decodingOf(sweep, model) };
}

function openQuestions(questions: readonly Question[], known: ReadonlySet<string>): OpenQuestion<Question>[] {
  return questions
    .map((question) => ({
      tag: question,
      instruction: question.instruction,
      prompt: question.prompt,
      exits: [...question.keys].filter(([, key]) => !known.has(key)).map(([exit]) => exit),
    }))
    .filter(({ exits }) => exits.length > 0);
}

function saveUnit(sweep: Sweep, model: SweepModel, unit: readonly Answered<Question>[]): void {
  saveAnswers(sweep.store, sweep.run, {
    generations: unit.map((answered) => toRecord(sweep, model, answered)),
    answers: unit.map(({ tag, exit }) => mappingOf(model, tag, exit)),
  });
}

function toRecord(sweep: Sweep, model: SweepModel, answered: Answered<Question>): GenerationRecord {
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

function mappingOf(model: SweepModel, { instruction, keys }: Question, exit: number): AnswerMapping {
  return { model: model.name, exit, instructionId: instruction.id, responseKey: keys.get(exit)! };
}
