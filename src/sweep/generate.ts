import { alpacaPrompt } from '../data/prompt.ts';
import type { Instruction } from '../domain.ts';
import { sha256 } from '../model/hash.ts';
import { type Finished, generate, type Prompt } from '../runtime/generate.ts';
import {
  type AnswerMapping,
  type GenerationRecord,
  knownResponseKeys,
  type ResponseParts,
  responseKey,
  saveAnswers,
} from '../store/answers.ts';
import { inBatches } from './batches.ts';
import { type SweepModel, withNetwork } from './models.ts';
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

/** Answers every instruction at all exits of all models. What is known by content key is not answered again. */
export async function generateStage(sweep: Sweep): Promise<void> {
  for (const model of sweep.models.values()) await answerAll(sweep, model);
}

async function answerAll(sweep: Sweep, model: SweepModel): Promise<void> {
  const questions = sweep.instructions.map((instruction) => ask(sweep, model, instruction));
  const allKeys = questions.flatMap((question) => [...question.keys.values()]);
  const known = knownResponseKeys(sweep.store, allKeys);
  const answers = questions.flatMap((question) =>
    [...question.keys].filter(([, key]) => known.has(key)).map(([exit]) => mappingOf(model, question, exit)),
  );
  saveAnswers(sweep.store, sweep.run, { generations: [], answers });
  const task = sweep.progress.start(`${model.label}: answers`, allKeys.length, answers.length);
  try {
    if (answers.length === allKeys.length) return;
    await withNetwork(model, async (network) => {
      const prompts = openPrompts(model, questions, known);
      const finished = generate(network, prompts, decodingOf(sweep, model), sweep.signal);
      for await (const unit of inBatches(finished, UNIT_ANSWERS)) {
        saveUnit(sweep, model, unit);
        task.advance(unit.length);
      }
    });
  } finally {
    task.end();
  }
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
  const { batchSize: _, ...decoding } = decodingOf(sweep, model);
  return {
    subModelKey: model.keys.get(exit)!,
    promptSha256,
    decoding: { strategy: 'greedy', ...decoding },
  };
}

function decodingOf({ config }: Sweep, { manifest }: SweepModel) {
  return { ...config.generation, eosTokenIds: manifest.eosTokenIds };
}

/** Shortest first, so that the caches grow once and not with every long prompt. */
function openPrompts(
  model: SweepModel,
  questions: readonly Question[],
  known: ReadonlySet<string>,
): Prompt<Question>[] {
  return questions
    .map((question) => ({
      tag: question,
      ids: model.tokenizer.encode(question.prompt),
      exits: [...question.keys].filter(([, key]) => !known.has(key)).map(([exit]) => exit),
    }))
    .filter(({ exits }) => exits.length > 0)
    .sort((left, right) => left.ids.length - right.ids.length);
}

function saveUnit(sweep: Sweep, model: SweepModel, unit: readonly Finished<Question>[]): void {
  saveAnswers(sweep.store, sweep.run, {
    generations: unit.map((finished) => toRecord(sweep, model, finished)),
    answers: unit.map(({ tag, exit }) => mappingOf(model, tag, exit)),
  });
}

function toRecord(sweep: Sweep, model: SweepModel, finished: Finished<Question>): GenerationRecord {
  const { tag, exit, tokenIds, stopReason, durationMs, promptTokens } = finished;
  return {
    ...partsOf(sweep, model, tag.promptSha256, exit),
    responseKey: tag.keys.get(exit)!,
    text: model.tokenizer.decode(tokenIds),
    tokenIds,
    stopReason,
    durationMs,
    promptTokens,
  };
}

function mappingOf(model: SweepModel, { instruction, keys }: Question, exit: number): AnswerMapping {
  return { model: model.name, exit, instructionId: instruction.id, responseKey: keys.get(exit)! };
}
