/** Views that set each exit beside a model at full depth: how much worse it is, and how much faster. */
import { DEFAULT_MARGIN } from '../../core/domain.ts';
import { MIN_INSTRUCTIONS, type Standing } from '../../metrics/not-worse.ts';
import { MEANING } from '../schema/column-meanings.ts';
import { sqlText } from '../schema/sql-list.ts';
import { adjustedEnd, medianRankOf, simultaneousZ } from './interval-rules.ts';
import { pairValue, preference } from './rules.ts';
import { integer, real, SUB_MODEL_COLUMNS, text } from './view-columns.ts';
import { type InnerView, type View, view } from './view-type.ts';

const REFERENCE_COLUMNS = {
  ...SUB_MODEL_COLUMNS,
  reference_model: text('model that it is set beside'),
  reference_exit: integer('deepest exit of that model, in layers'),
};

const standing = (value: Standing) => sqlText(value);

const FAMILY = 'run, comparison, model, reference_model';

/**
 * Rows of one measure: each alone, so that who asks for one does not wait for the other. at_stake is what an exit can lose on
 * an instruction: where full depth itself is right in no more than the margin, no exit is worse by more, and that says nothing.
 */
const gapsOf = (measure: 'score' | 'exact match', differences: string) => `
SELECT run, ${sqlText(measure)} AS measure, comparison, model, exit, reference_model, reference_exit, n, difference, ci_low,
       ci_high, exits, margin,
       CASE WHEN n < ${MIN_INSTRUCTIONS} OR ci_low <= 0 AND to_lose <= margin THEN ${standing('not decided')}
            WHEN ci_low > -margin THEN ${standing('not worse')}
            WHEN ci_high < -margin THEN ${standing('worse')} ELSE ${standing('not decided')} END AS standing
FROM (
  SELECT *, ${adjustedEnd('-', 'z')} AS ci_low, ${adjustedEnd('+', 'z')} AS ci_high
  FROM (
    SELECT *, ${simultaneousZ('exits')} AS z
    FROM (
      SELECT ${FAMILY}, exit, reference_exit, count(*) AS n, avg(value) AS difference, sum(value) AS total,
             sum(value * value) AS squares, avg(at_stake) AS to_lose, count(*) OVER (PARTITION BY ${FAMILY}) AS exits,
             coalesce(margin, ${DEFAULT_MARGIN}) AS margin
      FROM ${differences} JOIN run USING (run)
      GROUP BY ${FAMILY}, exit, reference_exit
    )
  )
)`;

export const DEPTH_GAP_VIEWS: readonly View[] = [
  view({
    name: 'depth_gaps',
    description:
      'Each exit beside a model at full depth: mean difference over instructions, its interval for all exits of the model together, and whether it is not worse by more than the margin (metrics.md).',
    columns: {
      run: text(MEANING.run),
      measure: text("what differs: 'score' of the judge, by the run's policy, or 'exact match'"),
      comparison: text([MEANING.comparison, 'exact match, which needs none']),
      model: text(MEANING.model),
      exit: integer(MEANING.exit),
      reference_model: REFERENCE_COLUMNS.reference_model,
      reference_exit: REFERENCE_COLUMNS.reference_exit,
      n: integer('instructions on which both are judged, or are right or wrong'),
      difference: real('mean over them, in [−1, 1]; positive: the exit is better'),
      ci_low: real([
        'lower end of its interval; those of all exits hold together with 95 %',
        'beyond 1,024 exits',
      ]),
      ci_high: real(['upper end, likewise', 'beyond 1,024 exits']),
      exits: integer('exits of the model that are set beside the reference: what one chooses from'),
      margin: real(MEANING.margin[0]),
      standing: text(
        `'not worse': ci_low is above −margin; 'worse': ci_high is below it; 'not decided': neither, or n is below ${MIN_INSTRUCTIONS}, or the reference is right so seldom that no exit could be worse`,
      ),
    },
    orderBy: ['run', 'measure', 'comparison', 'model', 'reference_model', 'exit'],
    sql: `${gapsOf('score', 'judged_gap')}
UNION ALL${gapsOf('exact match', 'known_gap')}`,
  }),
  view({
    name: 'speed_ratios',
    description:
      'Speed of each exit beside a model at full depth: the ratio within each round, in which all exits are timed in turns; median and its 95 % interval by order statistics.',
    columns: {
      ...REFERENCE_COLUMNS,
      batch_size: integer(MEANING.batch_size),
      rounds: integer('rounds in which both were timed'),
      ratio: real('tokens per second of the exit / those of the reference; median of the rounds'),
      ci_low: real(['lower bound of its interval of at least 95 %', 'fewer than 6 rounds']),
      ci_high: real(['upper bound of its interval of at least 95 %', 'fewer than 6 rounds']),
    },
    orderBy: ['run', 'model', 'exit', 'reference_model', 'batch_size'],
    sql: `
SELECT run, model, exit, reference_model, reference_exit, batch_size, rounds,
       avg(ratio) FILTER (WHERE place IN ((rounds + 1) / 2, rounds / 2 + 1)) AS ratio,
       max(ratio) FILTER (WHERE place = edge) AS ci_low, max(ratio) FILTER (WHERE place = rounds + 1 - edge) AS ci_high
FROM (
  SELECT *, ${medianRankOf('rounds')} AS edge
  FROM (
    SELECT *, row_number() OVER (PARTITION BY run, model, exit, reference_model, batch_size ORDER BY ratio) AS place,
           count(*) OVER (PARTITION BY run, model, exit, reference_model, batch_size) AS rounds
    FROM (
      SELECT a.run, a.model, a.exit, f.model AS reference_model, f.exit AS reference_exit, a.batch_size,
             a.tokens_per_second / b.tokens_per_second AS ratio
      FROM speed_repetitions a JOIN full_depth f ON f.run = a.run AND (f.model, f.exit) <> (a.model, a.exit)
      JOIN speed_repetitions b
        ON (b.run, b.model, b.exit, b.batch_size, b.repetition) = (f.run, f.model, f.exit, a.batch_size, a.repetition)
    )
  )
)
GROUP BY run, model, exit, reference_model, batch_size`,
  }),
];

/** The deepest exit of each model. */
const FULL_DEPTH: InnerView = {
  name: 'full_depth',
  sql: 'SELECT run, model, max(exit) AS exit FROM sub_model GROUP BY run, model',
};

/** Cells that set an exit beside full depth of the other model, of either model of a comparison; 1: it is model a. */
const GAP_CELL: InnerView = {
  name: 'gap_cell',
  sql: `
SELECT c.run, c.comparison, c.exit_a, c.exit_b, c.model_a AS model, c.exit_a AS exit, c.model_b AS reference_model,
       c.exit_b AS reference_exit, 1 AS side
FROM cell c JOIN full_depth f ON (f.run, f.model, f.exit) = (c.run, c.model_b, c.exit_b)
WHERE (c.model_a, c.exit_a) <> (c.model_b, c.exit_b)
UNION ALL
SELECT c.run, c.comparison, c.exit_a, c.exit_b, c.model_b, c.exit_b, c.model_a, c.exit_a, -1
FROM cell c JOIN full_depth f ON (f.run, f.model, f.exit) = (c.run, c.model_a, c.exit_a)
WHERE c.model_a <> c.model_b`,
};

const VERDICT = preference('p.ord', 'j.slot_verdict');
const GAP_KEY = 'run, comparison, model, exit, reference_model, reference_exit, side';

/** What each pair says of them. */
const JUDGED_GAP: InnerView = {
  name: 'judged_gap',
  sql: `
SELECT run, comparison, model, exit, reference_model, reference_exit,
       side * ${pairValue('policy', 'malformed_rule')} AS value, 1 AS at_stake
FROM (
  SELECT ${GAP_KEY.replace('run', 'g.run')}, max(${VERDICT}) FILTER (WHERE p.ord = 'ab') AS ab,
         max(${VERDICT}) FILTER (WHERE p.ord = 'ba') AS ba
  FROM gap_cell g JOIN judged_pair p USING (run, comparison, exit_a, exit_b) JOIN judgement j USING (judgement_key)
  GROUP BY ${GAP_KEY.replace('run', 'g.run')}, p.instruction_id
  HAVING count(*) = 2
) JOIN counting USING (run)`,
};

/** How a run's verdicts are counted. */
const COUNTING: InnerView = {
  name: 'counting',
  sql: `
SELECT run, coalesce(policy, 'average') AS policy,
       coalesce((SELECT min(malformed_rule) FROM cell_score s WHERE s.run = r.run), 'dropped') AS malformed_rule
FROM run r`,
};

/**
 * What known answers say of every exit of every model. The few rows of full depth are kept and every response is read once:
 * texts are long, and a join in another order reads each of them once for every pair.
 */
const KNOWN_GAP: InnerView = {
  name: 'known_gap',
  sql: `
WITH reference AS MATERIALIZED (
  SELECT run, model, exit, instruction_id, correct FROM full_depth JOIN answer_correct USING (run, model, exit)
  WHERE correct IS NOT NULL
)
SELECT a.run, NULL AS comparison, a.model, a.exit, b.model AS reference_model,
       b.exit AS reference_exit, 1.0 * (a.correct - b.correct) AS value, b.correct AS at_stake
FROM answer_correct a CROSS JOIN reference b ON (b.run, b.instruction_id) = (a.run, a.instruction_id)
WHERE a.correct IS NOT NULL AND (b.model, b.exit) <> (a.model, a.exit)`,
};

export const INNER_DEPTH_GAP_VIEWS = [FULL_DEPTH, COUNTING, GAP_CELL, JUDGED_GAP, KNOWN_GAP];
