/** Views by category of instructions: which skills survive at which depth. */
import { MEANING } from '../schema/column-meanings.ts';
import { adjustedEnd, wilsonEnd } from './interval-rules.ts';
import { pairValue } from './rules.ts';
import {
  CELL_COLUMNS,
  CELL_ORDER,
  integer,
  JUDGE_COLUMNS,
  real,
  SUB_MODEL_COLUMNS,
  text,
} from './view-columns.ts';
import { type View, view } from './view-type.ts';

/** Of one number alone. */
const Z = 1.959964;
const CATEGORY = text(MEANING.category[0]);
const INTERVAL = {
  ci_low: real('lower end of its 95 % interval'),
  ci_high: real('upper end of its 95 % interval'),
};

export const CATEGORY_VIEWS: readonly View[] = [
  view({
    name: 'category_quality',
    description:
      "Responses of each exit that equal the known answer, by category of instructions; Wilson's interval.",
    columns: {
      ...SUB_MODEL_COLUMNS,
      category: CATEGORY,
      right: integer('responses that equal the known answer'),
      total: integer('responses to instructions with a known answer'),
      exact_match: real('right / total, in [0, 1]'),
      ...INTERVAL,
    },
    orderBy: ['run', 'model', 'category', 'exit'],
    sql: `
SELECT *, 1.0 * "right" / total AS exact_match, ${wilsonEnd('-', Z)} AS ci_low, ${wilsonEnd('+', Z)} AS ci_high
FROM (
  SELECT a.run, a.model, a.exit, r.category, sum(a.correct) AS "right", count(*) AS total
  FROM answer_correct a JOIN run_instruction r USING (run, instruction_id)
  WHERE a.correct IS NOT NULL AND r.category IS NOT NULL
  GROUP BY a.run, a.model, a.exit, r.category
)`,
  }),
  view({
    name: 'category_scores',
    description:
      "Score of each cell by category of instructions, by the run's policy; adjusted Wald interval (metrics.md).",
    columns: {
      ...CELL_COLUMNS,
      category: CATEGORY,
      n: integer('pairs judged in both orders'),
      score: real(MEANING.score),
      ...INTERVAL,
      ...JUDGE_COLUMNS,
    },
    orderBy: [...CELL_ORDER, 'category'],
    sql: `
SELECT run, comparison, model_a, exit_a, model_b, exit_b, category, n, total / n AS score, ${adjustedEnd('-', Z)} AS ci_low,
       ${adjustedEnd('+', Z)} AS ci_high, judge, judge_deviations
FROM (
  SELECT run, comparison, model_a, exit_a, model_b, exit_b, category, count(*) AS n, sum(value) AS total,
         sum(value * value) AS squares
  FROM (
    SELECT o.*, r.category, ${pairValue('policy', 'malformed_rule')} AS value
    FROM pair_outcome o JOIN counting USING (run) JOIN run_instruction r USING (run, instruction_id)
    WHERE r.category IS NOT NULL
  )
  GROUP BY run, comparison, exit_a, exit_b, category
) JOIN run_judge USING (run)`,
  }),
];
