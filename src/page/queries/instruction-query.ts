/** Questions about single instructions. */
import type { Reader } from '../../store/database.ts';

export interface InstructionRow {
  readonly instructionId: string;
  readonly position: number;
  /** Beginnings. */
  readonly instruction: string;
  readonly input: string;
  readonly answers: number;
  /** Right ones; `null` where the right answer is not known. */
  readonly correct: number | null;
}

/** In the order of the set: those in whose text, input or an answer `search` stands. */
export function readInstructionList(store: Reader, run: string, search: string): InstructionRow[] {
  return store.all<InstructionRow>(SELECT, { run, search });
}

const SELECT = `SELECT instruction_id AS instructionId, position, substr(instruction, 1, 240) AS instruction,
  substr(input, 1, 240) AS input, count(*) AS answers, sum(correct) AS correct FROM responses WHERE run = @run
  GROUP BY instruction_id
  HAVING @search = '' OR max(instr(lower(instruction), lower(@search)) + instr(lower(input), lower(@search)) +
    instr(lower(text), lower(@search))) > 0
  ORDER BY position`;
