/** Reads instruction sets, a JSON array or JSON Lines, in the formats of `instruction-files/` (docs/instruction-files.md). */

import type { Instruction } from '../core/domain.ts';
import { InputError } from '../core/errors.ts';
import { sha256 } from '../core/sha256.ts';
import { strip } from '../core/text/strip.ts';
import { distinctInstructions, type PlacedInstruction } from './instruction-files/distinct-instructions.ts';
import { withKnownKeys } from './instruction-files/own-keys.ts';
import { type AskedTask, isBlank } from './instruction-files/record-format.ts';
import { INSTRUCTION_RECORD, readTasks, requireObject } from './instruction-files/record-formats.ts';
import { labelsOf } from './instruction-files/record-labels.ts';
import { DEFAULT_RECORD_OPTIONS, type RecordOptions } from './instruction-files/record-options.ts';
import { readRecords } from './read-records.ts';

/**
 * The instructions of a file, in its order. A known answer is one that is more than white space. PandaLM's set has a
 * record whose instruction is empty and whose input says it all, so just one of the two must be there.
 *
 * @param note gets a line for whatever the options leave out
 * @throws InputError as `readRecords` does; `bad-instructions` with file, record and key where a record is of no known
 * format, holds a text that no format reads, or has several turns; and where two records ask the same (they would share one id).
 */
export function readInstructions(
  path: string,
  options: Partial<RecordOptions> = {},
  note: (text: string) => void = () => {},
): Instruction[] {
  const { turns, duplicates, ...keys } = { ...DEFAULT_RECORD_OPTIONS, ...options };
  const records = withKnownKeys(readRecords(path, INSTRUCTION_RECORD).map(requireObject), keys);
  if (keys.ignoreKeys.length > 0) note(`Left out: the keys ${keys.ignoreKeys.join(', ')} (ignoreKeys).`);
  const tasks = records.flatMap(readTasks);
  const longer = tasks.filter((task) => task.turns > 1);
  if (longer.length > 0) {
    if (turns === 'refuse') throw severalTurns(longer[0]!);
    note(`Records of several turns, of which the first is read (turns: first): ${longer.length}.`);
  }
  return distinctInstructions(tasks.map(toInstruction), duplicates, note);
}

/**
 * First 16 hex digits of sha256 of instruction, NUL, input: the same text has the same id in every file. Where the instruction
 * itself has a NUL, or a system text of its own, of a JSON array of these, which has no NUL: no two can be the same.
 */
export function instructionId(instruction: string, input: string, system?: string): string {
  const isPlain = system === undefined && !instruction.includes('\0');
  const named = isPlain ? `${instruction}\0${input}` : JSON.stringify([instruction, input, system]);
  return sha256(named).slice(0, 16);
}

function toInstruction({ where, instruction, input, output, system, rest }: AskedTask): PlacedInstruction {
  if (strip(instruction) === '' && strip(input) === '') throw nothingAsked(where);
  return {
    where,
    instruction: {
      id: instructionId(instruction, input, system),
      instruction,
      input,
      ...(system === undefined ? {} : { system }),
      ...(isBlank(output) ? {} : { answer: output! }),
      ...labelsOf(rest, where),
    },
  };
}

function nothingAsked(where: string): InputError {
  return new InputError({
    code: 'bad-instructions',
    where,
    expected: 'an instruction or an input',
    found: 'neither',
    fix: 'Fill in "instruction", or remove the record.',
  });
}

function severalTurns({ where, turns }: AskedTask): InputError {
  return new InputError({
    code: 'bad-instructions',
    where,
    expected: 'one turn: an instruction and its known answer, if any',
    found: `${turns} turns`,
    fix: 'Write `records: { turns: first }` in the sweep file to ask the first alone, or remove the record.',
  });
}
