/**
 * All tables of a results file, in the order in which they are created: a table stands after those that it
 * refers to.
 */
import { CELL_SCORE, INSTRUCTION, JUDGE, RUN, RUN_CHECK, RUN_INSTRUCTION } from './changed-tables.ts';
import { CELL, CELL_SCORE_1, COMPARISON, JUDGE_1, JUDGED_PAIR, KL_CURVE } from './comparison-tables.ts';
import { CONTENT_TABLES_1, INSTRUCTION_1 } from './content-tables.ts';
import { QUALITY_TABLES_2 } from './quality-tables.ts';
import { ANSWER, MODEL, RUN_1, RUN_CHECK_1, RUN_INSTRUCTION_1, SPEED_1, SUB_MODEL } from './run-tables.ts';
import { SPEED_TABLES_4 } from './speed-tables.ts';
import type { Table } from './table-type.ts';

const MAPPING_TABLES_1: readonly Table[] = [
  ...[RUN_1, RUN_INSTRUCTION_1, MODEL, SUB_MODEL, ANSWER, COMPARISON, CELL, JUDGE_1, JUDGED_PAIR],
  ...[KL_CURVE, SPEED_1, CELL_SCORE_1, RUN_CHECK_1],
];

export const TABLES_1: readonly Table[] = [...CONTENT_TABLES_1, ...MAPPING_TABLES_1];
export const TABLES_2: readonly Table[] = QUALITY_TABLES_2;
export const TABLES_4: readonly Table[] = SPEED_TABLES_4;

/** Tables that version 4 changes: as they were, as they are. */
export const CHANGED_4: readonly (readonly [before: Table, now: Table])[] = [
  [INSTRUCTION_1, INSTRUCTION],
  [RUN_1, RUN],
  [RUN_INSTRUCTION_1, RUN_INSTRUCTION],
  [CELL_SCORE_1, CELL_SCORE],
  [JUDGE_1, JUDGE],
  [RUN_CHECK_1, RUN_CHECK],
];

const changed = new Map(CHANGED_4);

export const TABLES: readonly Table[] = [...TABLES_1, ...TABLES_2, ...TABLES_4]
  .filter((table) => table !== SPEED_1)
  .map((table) => changed.get(table) ?? table);

/** What depends on the judge alone: deleted when a run gets another judge. */
export const JUDGED_TABLES: readonly Table[] = [RUN_CHECK, CELL_SCORE, JUDGED_PAIR, JUDGE];
