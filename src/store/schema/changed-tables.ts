/** Tables of version 1 as version 4 has them, and of version 4 as version 5 has them. */
import { POLICIES } from '../../core/domain.ts';
import { MEANING } from './column-meanings.ts';
import { CELL_SCORE_1, JUDGE_1 } from './comparison-tables.ts';
import { INSTRUCTION_1 } from './content-tables.ts';
import { RUN_1, RUN_CHECK_1, RUN_INSTRUCTION_1 } from './run-tables.ts';
import { sqlList } from './sql-list.ts';
import { table } from './table-type.ts';

const [, policyMeaning, policyWhenNull] = RUN_1.columns.policy;

/** A policy more. */
export const RUN_4 = table({
  ...RUN_1,
  columns: {
    ...RUN_1.columns,
    policy: [`TEXT CHECK (policy IN ${sqlList(POLICIES)})`, policyMeaning, policyWhenNull],
  },
});

/** A margin. */
export const RUN = table({
  ...RUN_4,
  columns: { ...RUN_4.columns, margin: ['REAL CHECK (margin > 0 AND margin <= 1)', ...MEANING.margin] },
});

/** A policy more. */
export const CELL_SCORE = table({
  ...CELL_SCORE_1,
  columns: {
    ...CELL_SCORE_1.columns,
    policy: [`TEXT NOT NULL CHECK (policy IN ${sqlList(POLICIES)})`, CELL_SCORE_1.columns.policy[1]],
  },
});

/** A system text of the instruction's own. */
export const INSTRUCTION = table({
  ...INSTRUCTION_1,
  columns: { ...INSTRUCTION_1.columns, system: ['TEXT', ...MEANING.system] },
});

/** Labels of its record. */
export const RUN_INSTRUCTION = table({
  ...RUN_INSTRUCTION_1,
  columns: {
    ...RUN_INSTRUCTION_1.columns,
    metadata_json: ['TEXT CHECK (json_valid(metadata_json))', ...MEANING.metadata],
  },
});

/** Which model judged, and the judge as the sweep file has it. */
export const JUDGE = table({
  ...JUDGE_1,
  columns: {
    ...JUDGE_1.columns,
    model: ['TEXT', ...MEANING.judge_model],
    parameters: ['INTEGER CHECK (parameters > 0)', ...MEANING.judge_parameters],
    source: ['TEXT', ...MEANING.judge_source],
    setup_json: [
      'TEXT CHECK (json_valid(setup_json))',
      'JSON: the judge in the sweep file, defaults filled in',
      'not stored by the version that judged, or judged by a program of its own',
    ],
  },
});

/** Checks that decide nothing. */
export const RUN_CHECK = table({
  ...RUN_CHECK_1,
  columns: {
    ...RUN_CHECK_1.columns,
    badge: ['INTEGER NOT NULL DEFAULT 0 CHECK (badge IN (0, 1))', MEANING.badge],
  },
});
