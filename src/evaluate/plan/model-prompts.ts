/** What models read for an instruction, and what happens to prompts that leave no room in their context. */

import type { SweepConfig } from '../../config/sweep-file.ts';
import type { Instruction } from '../../core/domain.ts';
import { InputError } from '../../core/errors.ts';
import { codePoints } from '../../data/answers/thoughts.ts';
import { type FormedPrompt, formedPrompt } from '../../data/prompts/prompt-form.ts';
import { encodePrompt } from '../../model/tokenizer/tokenizer.ts';
import { type FolderModel, isFolderModel } from '../../sources/folder-source.ts';
import type { SweepModel } from '../../sources/model-source.ts';

type PromptSettings = Pick<SweepConfig['generation'], 'maxNewTokens' | 'onLongPrompt'>;

export interface ModelPrompt {
  readonly prompt: FormedPrompt;
  /** Code points taken from the end of the input; 0: none. */
  readonly cutCharacters: number;
}

/**
 * The prompt of a model for an instruction. With `cut`, one that leaves less than `maxNewTokens` loses the end of its input;
 * one that does not fit with a single character of it stays whole.
 */
export function modelPrompt(
  model: SweepModel,
  instruction: Instruction,
  { onLongPrompt, maxNewTokens }: PromptSettings,
): ModelPrompt {
  const whole = { prompt: formedPrompt(model.form, instruction), cutCharacters: 0 };
  if (onLongPrompt !== 'cut' || !isFolderModel(model)) return whole;
  const room = contextOf(model) - maxNewTokens;
  if (tokensOf(model, whole.prompt) <= room) return whole;
  return shortened(model, instruction, room) ?? whole;
}

/** The longest beginning of the input that fits, found by halving; undefined where none does. */
function shortened(model: FolderModel, instruction: Instruction, room: number): ModelPrompt | undefined {
  const characters = Array.from(instruction.input);
  const promptOf = (length: number) =>
    formedPrompt(model.form, { ...instruction, input: characters.slice(0, length).join('') });
  let [fitting, tooLong] = [0, characters.length];
  while (tooLong - fitting > 1) {
    const middle = Math.floor((fitting + tooLong) / 2);
    if (tokensOf(model, promptOf(middle)) <= room) fitting = middle;
    else tooLong = middle;
  }
  if (fitting === 0) return undefined;
  return { prompt: promptOf(fitting), cutCharacters: codePoints(instruction.input) - fitting };
}

/**
 * What a sweep file says about long prompts must be possible.
 * @param path of the sweep file, for the errors
 * @throws InputError `bad-config` where `fail` finds a prompt without room, or `cut` leaves no room for any
 */
export function checkLongPrompts(
  { generation }: Pick<SweepConfig, 'generation'>,
  models: ReadonlyMap<string, SweepModel>,
  instructions: readonly Instruction[],
  path: string,
): void {
  const where = `${path}: generation`;
  for (const model of [...models.values()].filter(isFolderModel)) {
    if (generation.onLongPrompt === 'cut') requireRoom(model, generation, where);
    if (generation.onLongPrompt === 'fail') requireFitting(model, instructions, where);
  }
}

function requireRoom(model: FolderModel, { maxNewTokens }: PromptSettings, where: string): void {
  if (maxNewTokens < contextOf(model)) return;
  throw new InputError({
    code: 'bad-config',
    where: `${where}.maxNewTokens`,
    expected: `fewer than ${contextOf(model)}, the context of ${model.name}, so that a cut prompt fits beside them`,
    found: `${maxNewTokens}`,
    fix: 'Lower maxNewTokens, or use onLongPrompt: skip.',
  });
}

function requireFitting(model: FolderModel, instructions: readonly Instruction[], where: string): void {
  const context = contextOf(model);
  const lengths = instructions.map((one) => tokensOf(model, formedPrompt(model.form, one)));
  const tooLong = lengths.filter((tokens) => tokens >= context).length;
  if (tooLong === 0) return;
  const first = lengths.findIndex((tokens) => tokens >= context);
  throw new InputError({
    code: 'bad-config',
    where: `${where}.onLongPrompt`,
    expected: `prompts of fewer than ${context} tokens, the context of ${model.name}, since it is \`fail\``,
    found: `${tooLong} of ${lengths.length} that are longer, the first of instruction ${instructions[first]!.id} (${lengths[first]} tokens)`,
    fix: 'Use onLongPrompt: skip or cut, or leave these instructions out.',
  });
}

const contextOf = ({ manifest }: FolderModel) => manifest.architecture.contextLength;

const tokensOf = ({ tokenizer }: FolderModel, prompt: FormedPrompt) => encodePrompt(tokenizer, prompt).length;
