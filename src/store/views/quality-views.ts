/** Views over whether answers look degenerate, and over the verdicts that such answers won. */
import { DEGENERATE_LIMITS } from '../../metrics/degeneration.ts';
import { CELL_COLUMNS, CELL_ORDER, JUDGE_COLUMNS } from './judging-views.ts';
import type { InnerView, View } from './view-type.ts';

const { repetition, compression, meanLogProbability } = DEGENERATE_LIMITS;

/** Degeneration class of a response; comparisons with NULL, which was not measured, are not true. */
const LOOKS = `
  CASE WHEN q.characters = 0 THEN 'empty'
       WHEN q.repetition >= ${repetition} OR q.compression <= ${compression} THEN 'repetitive'
       WHEN l.mean_log_probability < ${meanLogProbability} THEN 'unlikely'
       ELSE 'ordinary' END`;

/** Class of every answer of a run. */
export const ANSWER_LOOKS: InnerView = {
  name: 'answer_looks',
  sql: `
SELECT run, model, exit, instruction_id, looks, looks IN ('repetitive', 'unlikely') AS degenerate, characters, repetition,
       compression, tokens, mean_log_probability, reference_model, reference_exit
FROM (
  SELECT a.run, a.model, a.exit, a.instruction_id, ${LOOKS} AS looks, q.characters, q.repetition, q.compression, l.tokens,
         l.mean_log_probability, f.model AS reference_model, f.exit AS reference_exit
  FROM answer a JOIN text_quality q USING (response_key) LEFT JOIN run_reference f ON f.run = a.run
  LEFT JOIN likelihood l ON (l.response_key, l.reference_key) = (a.response_key, f.reference_key)
)`,
};

export const QUALITY_VIEWS: readonly View[] = [
  {
    name: 'answer_quality',
    description: `Whether each answer looks degenerate: empty, repetitive (repetition from ${repetition}, compression to ${compression}), unlikely (mean log-probability under ${meanLogProbability} nats a token) or ordinary.`,
    columns: [
      ...['run', 'model', 'exit', 'instruction_id', 'position', 'looks', 'degenerate', 'characters'],
      ...['repetition', 'compression', 'tokens', 'mean_log_probability', 'reference_model', 'reference_exit'],
    ],
    orderBy: ['run', 'model', 'exit', 'position'],
    sql: `
SELECT l.run, l.model, l.exit, l.instruction_id, r.position, l.looks, l.degenerate, l.characters, l.repetition,
       l.compression, l.tokens, l.mean_log_probability, l.reference_model, l.reference_exit
FROM answer_looks l JOIN run_instruction r USING (run, instruction_id)`,
  },
  {
    name: 'degenerate_answers',
    description:
      'Answers of each exit by how they look; degenerate are the repetitive and the unlikely ones.',
    columns: [
      ...['run', 'model', 'exit', 'answers', 'empty', 'repetitive', 'unlikely', 'degenerate'],
      ...['degenerate_share', 'mean_log_probability'],
    ],
    orderBy: ['run', 'model', 'exit'],
    sql: `
SELECT run, model, exit, count(*) AS answers, sum(looks = 'empty') AS empty, sum(looks = 'repetitive') AS repetitive,
       sum(looks = 'unlikely') AS unlikely, sum(degenerate) AS degenerate, avg(degenerate) AS degenerate_share,
       avg(mean_log_probability) AS mean_log_probability
FROM answer_looks GROUP BY run, model, exit`,
  },
  {
    name: 'degenerate_wins',
    description:
      'Verdicts of each cell that prefer an answer (wins), and those that prefer one that looks degenerate: share of wins, of model a, of model b, over an ordinary one; empty: an empty one.',
    columns: [
      ...[...CELL_COLUMNS, 'wins', 'degenerate', 'share', 'of_a', 'of_b', 'over_ordinary', 'empty'],
      ...JUDGE_COLUMNS,
    ],
    orderBy: CELL_ORDER,
    matrix: { value: 'share', title: 'Share of wins by degenerate answers', scale: 'share', by: [] },
    sql: `
SELECT run, comparison, model_a, exit_a, model_b, exit_b, sum(by_a + by_b) AS wins,
       sum(by_a * a_degenerate + by_b * b_degenerate) AS degenerate,
       1.0 * sum(by_a * a_degenerate + by_b * b_degenerate) / nullif(sum(by_a + by_b), 0) AS share,
       sum(by_a * a_degenerate) AS of_a, sum(by_b * b_degenerate) AS of_b,
       sum(by_a * (a_degenerate AND b_looks = 'ordinary') + by_b * (b_degenerate AND a_looks = 'ordinary')) AS over_ordinary,
       sum(by_a * (a_looks = 'empty') + by_b * (b_looks = 'empty')) AS empty, judge, judge_deviations
FROM (
  SELECT o.run, o.comparison, o.model_a, o.exit_a, o.model_b, o.exit_b, (o.ab = 'a') + (o.ba = 'a') AS by_a,
         (o.ab = 'b') + (o.ba = 'b') AS by_b, a.looks AS a_looks, b.looks AS b_looks, a.degenerate AS a_degenerate,
         b.degenerate AS b_degenerate
  FROM pair_outcome o
  JOIN answer_looks a ON (a.run, a.model, a.exit, a.instruction_id) = (o.run, o.model_a, o.exit_a, o.instruction_id)
  JOIN answer_looks b ON (b.run, b.model, b.exit, b.instruction_id) = (o.run, o.model_b, o.exit_b, o.instruction_id)
) JOIN run_judge USING (run)
GROUP BY run, comparison, exit_a, exit_b`,
  },
];
