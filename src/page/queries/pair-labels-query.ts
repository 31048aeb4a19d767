/** Reads of what is known of a cell's pairs beyond their texts and verdicts. */
import type { DegenerationClass } from '../../core/domain.ts';
import { defineRead, type Read } from '../../store/read/read.ts';
import type { CellAddress } from './cell-query.ts';

export interface PairCategory {
  readonly instructionId: string;
  readonly category: string;
}

/** Instructions whose set names their category. */
export function categoriesRead(run: string): Read<PairCategory> {
  return defineRead(SELECT_CATEGORIES, { run });
}

export interface PairLooks {
  readonly instructionId: string;
  /** Null: not measured. */
  readonly looksA: DegenerationClass | null;
  readonly looksB: DegenerationClass | null;
}

/** Files of schema version 1 have no such rows. */
export function pairLooksRead({ run, modelA, exitA, modelB, exitB }: CellAddress): Read<PairLooks> {
  return defineRead(SELECT_LOOKS, { run, modelA, exitA, modelB, exitB }, { needs: 'answer_quality' });
}

export interface PairContent {
  readonly keyA: string;
  readonly keyB: string;
  readonly instructionId: string;
}

/** Content keys of both responses of each pair. */
export function pairContentsRead({ run, modelA, exitA, modelB, exitB }: CellAddress): Read<PairContent> {
  return defineRead(SELECT_CONTENTS, { run, modelA, exitA, modelB, exitB });
}

const SELECT_CATEGORIES = `SELECT instruction_id, category
FROM run_instruction
WHERE run = @run AND category IS NOT NULL
ORDER BY position`;

const SELECT_LOOKS = `SELECT instruction_id,
  max(looks) FILTER (WHERE model = @modelA AND exit = @exitA) AS looks_a,
  max(looks) FILTER (WHERE model = @modelB AND exit = @exitB) AS looks_b
FROM answer_quality
WHERE run = @run AND ((model = @modelA AND exit = @exitA) OR (model = @modelB AND exit = @exitB))
GROUP BY instruction_id`;

const SELECT_CONTENTS = `SELECT a.instruction_id, a.response_key AS key_a, b.response_key AS key_b
FROM answer a JOIN answer b USING (run, instruction_id)
WHERE run = @run AND a.model = @modelA AND a.exit = @exitA AND b.model = @modelB AND b.exit = @exitB`;
