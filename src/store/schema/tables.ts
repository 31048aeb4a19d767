/**
 * All tables of a results file, in the order in which they are created: a table stands after those that it
 * refers to.
 */
import { CELL, CELL_SCORE, COMPARISON, JUDGE, JUDGED_PAIR, KL_CURVE } from './comparison-tables.ts';
import { CONTENT_TABLES_1 } from './content-tables.ts';
import { QUALITY_TABLES_2 } from './quality-tables.ts';
import { ANSWER, MODEL, RUN, RUN_CHECK, RUN_INSTRUCTION, SPEED, SUB_MODEL } from './run-tables.ts';
import type { Table } from './table-type.ts';

const MAPPING_TABLES_1: readonly Table[] = [
  ...[RUN, RUN_INSTRUCTION, MODEL, SUB_MODEL, ANSWER, COMPARISON, CELL, JUDGE, JUDGED_PAIR],
  ...[KL_CURVE, SPEED, CELL_SCORE, RUN_CHECK],
];

export const TABLES_1: readonly Table[] = [...CONTENT_TABLES_1, ...MAPPING_TABLES_1];
export const TABLES_2: readonly Table[] = QUALITY_TABLES_2;

export const TABLES: readonly Table[] = [...TABLES_1, ...TABLES_2];

/** What depends on the judge alone: deleted when a run gets another judge. */
export const JUDGED_TABLES: readonly Table[] = [RUN_CHECK, CELL_SCORE, JUDGED_PAIR, JUDGE];
