/**
 * Reads instruction sets: Alpaca's JSON arrays and JSON Lines (`instruction`, `input`, `output`), and PandaLM's
 * `testset-inference-v1.json` (`motivation_app`, `instruction`, `input`).
 */

import { z } from 'zod';
import type { Instruction } from '../core/domain.ts';
import { InputError } from '../core/errors.ts';
import { sha256 } from '../core/sha256.ts';
import { strip } from '../core/strip.ts';
import { checkRecord, type RawRecord, type RecordKind, readRecords } from './read-records.ts';

const KIND: RecordKind = {
  code: 'bad-instructions',
  record: 'an object with the texts "instruction", "input" (optional) and "output" (optional)',
};

const text = z.string({ error: 'a text' });
const optionalText = text.nullish();

/** These are foreign formats: other keys are none of ours. */
const recordSchema = z.looseObject({
  instruction: text,
  input: optionalText,
  output: optionalText,
  category: optionalText,
  motivation_app: optionalText,
});

/**
 * The instructions of a file, in its order. `output` is the known answer where it is more than white space;
 * `category`, else `motivation_app`, names the family. PandaLM's set has one record whose instruction is empty and whose
 * input says it all, so just one of the two must be there.
 *
 * @throws InputError as `readRecords` does; `bad-instructions` with file, record and key where a record is not what it
 * should be, and where two records ask the same (they would share one id).
 */
export function readInstructions(path: string): Instruction[] {
  const records = readRecords(path, KIND);
  const instructions = records.map(toInstruction);
  refuseDuplicates(records, instructions);
  return instructions;
}

/**
 * First 16 hex digits of sha256 of instruction, NUL, input: the same text has the same id in every file. Where the instruction
 * itself has a NUL, of both as a JSON array, which has none: its end is known either way.
 */
export function instructionId(instruction: string, input: string): string {
  const named = instruction.includes('\0')
    ? JSON.stringify([instruction, input])
    : `${instruction}\0${input}`;
  return sha256(named).slice(0, 16);
}

function toInstruction(record: RawRecord): Instruction {
  const { instruction, input, output, category, motivation_app } = checkRecord(recordSchema, record, KIND);
  if (strip(instruction) === '' && strip(input ?? '') === '') throw nothingAsked(record);
  const family = category || motivation_app;
  return {
    id: instructionId(instruction, input ?? ''),
    instruction,
    input: input ?? '',
    ...(output && strip(output) !== '' ? { answer: output } : {}),
    ...(family ? { category: family } : {}),
  };
}

function nothingAsked(record: RawRecord): InputError {
  return new InputError({
    code: 'bad-instructions',
    where: record.where,
    expected: 'an instruction or an input',
    found: 'neither',
    fix: 'Fill in "instruction", or remove the record.',
  });
}

/** An id names one instruction, so a set that asks twice is refused rather than counted twice or silently shortened. */
function refuseDuplicates(records: readonly RawRecord[], instructions: readonly Instruction[]): void {
  const firstPlace = new Map<string, string>();
  const duplicates: string[] = [];
  for (const [index, { id }] of instructions.entries()) {
    const { where } = records[index]!;
    const first = firstPlace.get(id);
    if (first === undefined) firstPlace.set(id, where);
    else duplicates.push(`${where} repeats ${first}`);
  }
  if (duplicates.length === 0) return;
  const [shown, more] = [duplicates.slice(0, 3), duplicates.length - 3];
  throw new InputError({
    code: 'bad-instructions',
    where: duplicates[0]!.split(' repeats ')[0]!,
    expected: 'each pair of instruction and input once',
    found: `${duplicates.length} repeated: ${shown.join('; ')}${more > 0 ? `; and ${more} more` : ''}`,
    fix: 'Remove the repeated records.',
  });
}
