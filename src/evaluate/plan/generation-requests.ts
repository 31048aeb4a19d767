import type { Instruction } from '../../core/domain.ts';
import { sha256 } from '../../core/sha256.ts';
import { alpacaPrompt } from '../../data/alpaca-prompt.ts';
import { decodingOf } from '../../sources/answerers.ts';
import type { SweepModel } from '../../sources/sweep-models.ts';
import { knownResponseKeys, type ResponseParts, responseKey } from '../../store/tables/answer-table.ts';
import type { Sweep } from '../open-sweep.ts';

/** One instruction for one model: its prompt, and the content key of its answer at every exit. */
export interface ModelQuestion {
  readonly instruction: Instruction;
  readonly prompt: string;
  readonly promptSha256: string;
  readonly keys: ReadonlyMap<number, string>;
}

export function questionFor(sweep: Sweep, model: SweepModel, instruction: Instruction): ModelQuestion {
  const prompt = alpacaPrompt(instruction);
  const promptSha256 = sha256(prompt);
  const keys = model.exits.map((exit): [number, string] => [
    exit,
    responseKey(partsOf(sweep, model, promptSha256, exit)),
  ]);
  return { instruction, prompt, promptSha256, keys: new Map(keys) };
}

export function partsOf(sweep: Sweep, model: SweepModel, promptSha256: string, exit: number): ResponseParts {
  return { subModelKey: model.keys.get(exit)!, promptSha256, decoding: decodingOf(sweep, model) };
}

/** True where a model has answers to give that are not known yet. */
export function hasOpenAnswers(sweep: Sweep, model: SweepModel): boolean {
  const questions = sweep.instructions.map((instruction) => questionFor(sweep, model, instruction));
  const keys = questions.flatMap((question) => [...question.keys.values()]);
  const known = knownResponseKeys(sweep.store, keys);
  return keys.some((key) => !known.has(key));
}
