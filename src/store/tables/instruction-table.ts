/** Instructions: their text is shared by all runs; position, known answer, category and other labels belong to a run. */
import type { Instruction } from '../../core/domain.ts';
import { InputError } from '../../core/errors.ts';
import { canonicalJson } from '../../core/json.ts';
import { isObject, parseStoredJson } from '../damage/stored-json.ts';
import type { Reader, Store } from '../database.ts';
import { INSTRUCTION, RUN_INSTRUCTION } from '../schema/changed-tables.ts';
import { inserter } from './statements.ts';

/** Part of `openRun`. @throws InputError `bad-instructions` when an instruction occurs twice */
export function insertInstructions(store: Store, run: string, instructions: readonly Instruction[]): void {
  requireDistinct(run, instructions);
  for (const [position, { id, instruction, input, system = null, ...labels }] of instructions.entries()) {
    insertText(store, { instructionId: id, instruction, input, system });
    insertPlace(store, {
      run,
      instructionId: id,
      position,
      answer: labels.answer ?? null,
      category: labels.category ?? null,
      metadataJson: metadataJson(labels),
    });
  }
}

/** Labels may change, or be read for the first time, without making another run. */
export function updateMetadata(store: Store, run: string, instructions: readonly Instruction[]): void {
  for (const instruction of instructions) {
    const row = { run, instructionId: instruction.id, metadataJson: metadataJson(instruction) };
    store.run(UPDATE_METADATA, row);
  }
}

/** In the order of the set. */
export function readInstructions(store: Reader, run: string): Instruction[] {
  return store
    .all<InstructionRow>(SELECT, { run })
    .map(({ system, answer, category, metadata, ...text }) => ({
      ...text,
      ...(system !== null && { system }),
      ...(answer !== null && { answer }),
      ...(category !== null && { category }),
      ...(metadata !== null && { metadata: parseMetadata(metadata, text.id) }),
    }));
}

function metadataJson({ metadata }: Pick<Instruction, 'metadata'>): string | null {
  return metadata === undefined ? null : canonicalJson(metadata);
}

function parseMetadata(json: string, id: string): NonNullable<Instruction['metadata']> {
  return parseStoredJson(json, { table: 'run_instruction', column: 'metadata_json', key: id }, isObject);
}

interface InstructionRow {
  readonly id: string;
  readonly instruction: string;
  readonly input: string;
  readonly system: string | null;
  readonly answer: string | null;
  readonly category: string | null;
  readonly metadata: string | null;
}

const insertText = inserter(INSTRUCTION, 'keep');
const insertPlace = inserter(RUN_INSTRUCTION, 'refuse');

const UPDATE_METADATA = `UPDATE run_instruction SET metadata_json = @metadataJson
  WHERE run = @run AND instruction_id = @instructionId AND metadata_json IS NOT @metadataJson`;

const SELECT = `SELECT instruction_id AS id, instruction, input, system, answer, category, metadata_json AS metadata
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
