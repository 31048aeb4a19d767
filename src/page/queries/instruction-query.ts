/** Reads of the instruction set. */
import { defineRead, type Read } from '../../store/read/read.ts';
import type { StoredDepths } from '../content/token-pieces.ts';
import { beginningOf } from './whole-text.ts';

export interface InstructionRow {
  readonly instructionId: string;
  readonly position: number;
  /** Beginnings. */
  readonly instruction: string;
  readonly input: string;
  /** Responses that are right or wrong: those that are no answers are neither. */
  readonly responses: number;
  /** Right ones; `null` where the right answer is not known. */
  readonly correct: number | null;
}

/** In the order of the set: those in whose text, input or responses `search` stands. */
export function instructionListRead(run: string, search: string): Read<InstructionRow> {
  return defineRead(SELECT, { run, search });
}

/** Of one instruction's responses at adaptive depth: how deep their tokens went. */
export interface ResponseDepths extends StoredDepths {
  readonly model: string;
  readonly exit: number;
}

/** Files of older schemas have none. */
export function tokenDepthsRead(run: string, instructionId: string): Read<ResponseDepths> {
  return defineRead(SELECT_DEPTHS, { run, instructionId }, { needs: 'token_depths' });
}

const SELECT_DEPTHS = `SELECT model, exit, token_exits, token_ends FROM token_depths
WHERE run = @run AND instruction_id = @instructionId
ORDER BY model, exit`;

/** Characters of each text that the list shows. */
const EXCERPT = 240;

const SELECT = `SELECT instruction_id, position, ${beginningOf('instruction', EXCERPT)} AS instruction,
  ${beginningOf('input', EXCERPT)} AS input,
  count(text) AS responses, sum(correct) AS correct
FROM responses
WHERE run = @run
GROUP BY instruction_id
HAVING @search = '' OR max(instr(lower(instruction), lower(@search)) + instr(lower(input), lower(@search)) +
  instr(lower(coalesce(text, '')), lower(@search))) > 0
ORDER BY position`;
