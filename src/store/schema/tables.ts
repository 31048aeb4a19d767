/**
 * All tables of a results file, in the order in which they are created: a table stands after those that it
 * refers to.
 */
import { CELL_SCORE, INSTRUCTION, JUDGE, RUN, RUN_4, RUN_CHECK, RUN_INSTRUCTION } from './changed-tables.ts';
import { CELL, CELL_SCORE_1, COMPARISON, JUDGE_1, JUDGED_PAIR, KL_CURVE } from './comparison-tables.ts';
import {
  GENERATION,
  HUMAN_AGREEMENT_RESULT,
  INSTRUCTION_1,
  JUDGEMENT,
  KL,
  KL_VALUE,
} from './content-tables.ts';
import { DEPTH_TABLES_4, RESPONSE_DEPTH, RESPONSE_DEPTH_4 } from './depth-tables.ts';
import { KNOWN_GENERATION, KNOWN_JUDGEMENT, KNOWN_MODEL } from './known-values.ts';
import { QUALITY_TABLES_2, RUN_REFERENCE } from './quality-tables.ts';
import { GENERATION_1, JUDGEMENT_1, MODEL_1 } from './released-tables.ts';
import { ANSWER, MODEL, RUN_1, RUN_CHECK_1, RUN_INSTRUCTION_1, SPEED_1, SUB_MODEL } from './run-tables.ts';
import { RUN_SPEED, SPEED_TABLES_4 } from './speed-tables.ts';
import type { Table, TableChange } from './table-type.ts';

const CONTENT_TABLES_1: readonly Table[] = [
  ...[INSTRUCTION_1, GENERATION_1, JUDGEMENT_1, KL, KL_VALUE, HUMAN_AGREEMENT_RESULT],
];
const MAPPING_TABLES_1: readonly Table[] = [
  ...[RUN_1, RUN_INSTRUCTION_1, MODEL_1, SUB_MODEL, ANSWER, COMPARISON, CELL, JUDGE_1, JUDGED_PAIR],
  ...[KL_CURVE, SPEED_1, CELL_SCORE_1, RUN_CHECK_1],
];

export const TABLES_1: readonly Table[] = [...CONTENT_TABLES_1, ...MAPPING_TABLES_1];
export const TABLES_2: readonly Table[] = QUALITY_TABLES_2;
export const TABLES_4: readonly Table[] = [...SPEED_TABLES_4, ...DEPTH_TABLES_4];

/** Tables that version 4 changes. */
export const CHANGED_4: readonly TableChange[] = [
  { before: INSTRUCTION_1, now: INSTRUCTION },
  { before: RUN_1, now: RUN_4 },
  { before: RUN_INSTRUCTION_1, now: RUN_INSTRUCTION },
  { before: CELL_SCORE_1, now: CELL_SCORE },
  { before: JUDGE_1, now: JUDGE },
  { before: RUN_CHECK_1, now: RUN_CHECK },
  { before: GENERATION_1, now: GENERATION, values: KNOWN_GENERATION },
  { before: JUDGEMENT_1, now: JUDGEMENT, values: KNOWN_JUDGEMENT },
  { before: MODEL_1, now: MODEL, values: KNOWN_MODEL },
];

/** Tables that version 5 changes. */
export const CHANGED_5: readonly TableChange[] = [
  { before: RUN_4, now: RUN },
  { before: RESPONSE_DEPTH_4, now: RESPONSE_DEPTH },
];

const changed = new Map([...CHANGED_4, ...CHANGED_5].map(({ before, now }) => [before, now]));
const newest = (table: Table): Table => {
  const now = changed.get(table);
  return now === undefined ? table : newest(now);
};

export const TABLES: readonly Table[] = [...TABLES_1, ...TABLES_2, ...TABLES_4]
  .filter((table) => table !== SPEED_1)
  .map(newest);

/** What depends on the judge alone: deleted when a run gets another judge. */
export const JUDGED_TABLES: readonly Table[] = [RUN_CHECK, CELL_SCORE, JUDGED_PAIR, JUDGE];

/** What a run has before it is judged: runs of one setup that differ in their judge share it. */
export const MEASURED_TABLES: readonly Table[] = [ANSWER, KL_CURVE, RUN_SPEED, RUN_REFERENCE];
