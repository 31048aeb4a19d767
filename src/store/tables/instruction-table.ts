/** Instructions: their text is shared by all runs; position, known answer and category belong to a run. */
import type { Instruction } from '../../core/domain.ts';
import { InputError } from '../../core/errors.ts';
import type { Reader, Store } from '../database.ts';
import { INSTRUCTION } from '../schema/content-tables.ts';
import { RUN_INSTRUCTION } from '../schema/run-tables.ts';
import { inserter } from './statements.ts';

/** Part of `openRun`. @throws InputError `bad-instructions` when an instruction occurs twice */
export function insertInstructions(store: Store, run: string, instructions: readonly Instruction[]): void {
  requireDistinct(run, instructions);
  for (const [position, { id, instruction, input, answer, category }] of instructions.entries()) {
    insertText(store, { instructionId: id, instruction, input });
    insertPlace(store, {
      run,
      instructionId: id,
      position,
      answer: answer ?? null,
      category: category ?? null,
    });
  }
}

/** In the order of the set. */
export function readInstructions(store: Reader, run: string): Instruction[] {
  return store.all<InstructionRow>(SELECT, { run }).map(({ answer, category, ...text }) => ({
    ...text,
    ...(answer !== null && { answer }),
    ...(category !== null && { category }),
  }));
}

interface InstructionRow {
  readonly id: string;
  readonly instruction: string;
  readonly input: string;
  readonly answer: string | null;
  readonly category: string | null;
}

const insertText = inserter(INSTRUCTION, 'keep');
const insertPlace = inserter(RUN_INSTRUCTION, 'refuse');

const SELECT = `SELECT instruction_id AS id, instruction, input, answer, category
  FROM run_instruction JOIN instruction USING (instruction_id) WHERE run = @run ORDER BY position`;

function requireDistinct(run: string, instructions: readonly Instruction[]): void {
  const positions = new Map<string, number>();
  for (const [position, { id }] of instructions.entries()) {
    const first = positions.get(id);
    if (first !== undefined) throw twice(run, first, position);
    positions.set(id, position);
  }
}

function twice(run: string, first: number, second: number): InputError {
  return new InputError({
    code: 'bad-instructions',
    where: `instructions of run ${run}`,
    expected: 'every instruction with its input once',
    found: `the same at positions ${first} and ${second}`,
    fix: 'Remove one of them: it would count twice.',
  });
}
