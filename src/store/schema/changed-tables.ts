/** Tables of version 1 as version 4 has them. */
import { POLICIES } from '../../core/domain.ts';
import { CELL_SCORE_1 } from './comparison-tables.ts';
import { RUN_1 } from './run-tables.ts';
import { sqlList } from './sql-list.ts';
import { table } from './table-type.ts';

const [, policyMeaning, policyWhenNull] = RUN_1.columns.policy;

/** A policy more. */
export const RUN = table({
  ...RUN_1,
  columns: {
    ...RUN_1.columns,
    policy: [`TEXT CHECK (policy IN ${sqlList(POLICIES)})`, policyMeaning, policyWhenNull],
  },
});

/** A policy more. */
export const CELL_SCORE = table({
  ...CELL_SCORE_1,
  columns: {
    ...CELL_SCORE_1.columns,
    policy: [`TEXT NOT NULL CHECK (policy IN ${sqlList(POLICIES)})`, CELL_SCORE_1.columns.policy[1]],
  },
});
