/** Views over whether responses look degenerate, and over the verdicts that such responses won. */
import { DEGENERATE_LIMITS } from '../../metrics/degeneration.ts';
import { MEANING } from '../schema/column-meanings.ts';
import { classed, degenerationClass, isDegenerate, preferring, share, verdictsThatPrefer } from './rules.ts';
import {
  CELL_COLUMNS,
  CELL_ORDER,
  integer,
  JUDGE_COLUMNS,
  real,
  SUB_MODEL_COLUMNS,
  text,
} from './view-columns.ts';
import { type InnerView, type View, view } from './view-type.ts';

const { repetition, compression, meanLogProbability } = DEGENERATE_LIMITS;

const CLASS = degenerationClass({
  characters: 'q.characters',
  repetition: 'q.repetition',
  compression: 'q.compression',
  meanLogProbability: 'l.mean_log_probability',
});

/** Class of every response of a run. */
export const ANSWER_LOOKS: InnerView = {
  name: 'answer_looks',
  sql: `
SELECT run, model, exit, instruction_id, looks, ${isDegenerate('looks')} AS degenerate, characters, repetition,
       compression, tokens, mean_log_probability, reference_model, reference_exit
FROM (
  SELECT a.run, a.model, a.exit, a.instruction_id, ${CLASS} AS looks, q.characters, q.repetition, q.compression, l.tokens,
         l.mean_log_probability, f.model AS reference_model, f.exit AS reference_exit
  FROM answer a JOIN text_quality q USING (response_key) LEFT JOIN run_reference f ON f.run = a.run
  LEFT JOIN likelihood l ON (l.response_key, l.reference_key) = (a.response_key, f.reference_key)
)`,
};

export const QUALITY_VIEWS: readonly View[] = [
  view({
    name: 'answer_quality',
    description: `Whether each response looks degenerate: empty, repetitive (repetition from ${repetition}, compression to ${compression}), unlikely (mean log-probability under ${meanLogProbability} nats a token) or ordinary.`,
    columns: {
      ...SUB_MODEL_COLUMNS,
      instruction_id: text(MEANING.instruction_id),
      position: integer(MEANING.set_position),
      looks: text('degeneration class: empty, repetitive, unlikely, ordinary'),
      degenerate: integer('1: repetitive or unlikely; 0: not'),
      characters: integer(MEANING.characters),
      repetition: real(MEANING.repetition),
      compression: real(MEANING.compression),
      tokens: integer(["tokens scored: those that the scorer's context holds", 'not scored']),
      mean_log_probability: real([
        'loglikelihood under the scorer model, in nats a token',
        'not scored, or no token was',
      ]),
      reference_model: text([MEANING.scorer_model, 'the run has no scorer']),
      reference_exit: integer([MEANING.scorer_exit, 'the run has no scorer']),
    },
    orderBy: ['run', 'model', 'exit', 'position'],
    sql: `
SELECT l.run, l.model, l.exit, l.instruction_id, r.position, l.looks, l.degenerate, l.characters, l.repetition,
       l.compression, l.tokens, l.mean_log_probability, l.reference_model, l.reference_exit
FROM answer_looks l JOIN run_instruction r USING (run, instruction_id)`,
  }),
  view({
    name: 'degenerate_answers',
    description:
      'Responses of each exit by degeneration class; degenerate are the repetitive and the unlikely ones.',
    columns: {
      ...SUB_MODEL_COLUMNS,
      answers: integer('answers of the exit; other responses are in answer_states'),
      empty: integer('those that are empty'),
      repetitive: integer('those that are repetitive'),
      unlikely: integer('those that are unlikely'),
      degenerate: integer('those that are repetitive or unlikely'),
      degenerate_share: real('degenerate / answers, in [0, 1]'),
      mean_log_probability: real([
        'mean over the responses of their loglikelihood, in nats a token',
        'none is scored',
      ]),
    },
    orderBy: ['run', 'model', 'exit'],
    sql: `
SELECT run, model, exit, count(*) AS answers, sum(looks = ${classed('empty')}) AS empty,
       sum(looks = ${classed('repetitive')}) AS repetitive, sum(looks = ${classed('unlikely')}) AS unlikely,
       sum(degenerate) AS degenerate, avg(degenerate) AS degenerate_share,
       avg(mean_log_probability) AS mean_log_probability
FROM answer_looks GROUP BY run, model, exit`,
  }),
  view({
    name: 'degenerate_wins',
    description:
      'Verdicts of each cell that prefer a response (wins), and those that prefer one that looks degenerate: share of wins, of model a, of model b, over an ordinary one; empty: an empty one.',
    columns: {
      ...CELL_COLUMNS,
      wins: integer('verdicts that prefer a response'),
      degenerate: integer('those that prefer a degenerate one'),
      share: real(['degenerate / wins, in [0, 1]', 'wins is 0']),
      of_a: integer('degenerate wins of model a'),
      of_b: integer('degenerate wins of model b'),
      over_ordinary: integer('degenerate wins over an ordinary response'),
      empty: integer('wins of an empty response'),
      ...JUDGE_COLUMNS,
    },
    orderBy: CELL_ORDER,
    matrix: { value: 'share', title: 'Share of wins by degenerate answers', scale: 'share', by: [] },
    sql: `
SELECT run, comparison, model_a, exit_a, model_b, exit_b, sum(by_a + by_b) AS wins,
       sum(by_a * a_degenerate + by_b * b_degenerate) AS degenerate,
       ${share('sum(by_a * a_degenerate + by_b * b_degenerate)', 'sum(by_a + by_b)')} AS share,
       sum(by_a * a_degenerate) AS of_a, sum(by_b * b_degenerate) AS of_b,
       sum(by_a * (a_degenerate AND b_looks = ${classed('ordinary')})
         + by_b * (b_degenerate AND a_looks = ${classed('ordinary')})) AS over_ordinary,
       sum(by_a * (a_looks = ${classed('empty')}) + by_b * (b_looks = ${classed('empty')})) AS empty, judge, judge_deviations
FROM (
  SELECT o.run, o.comparison, o.model_a, o.exit_a, o.model_b, o.exit_b, ${verdictsThatPrefer(preferring('a'))} AS by_a,
         ${verdictsThatPrefer(preferring('b'))} AS by_b, a.looks AS a_looks, b.looks AS b_looks,
         a.degenerate AS a_degenerate, b.degenerate AS b_degenerate
  FROM pair_outcome o
  JOIN answer_looks a ON (a.run, a.model, a.exit, a.instruction_id) = (o.run, o.model_a, o.exit_a, o.instruction_id)
  JOIN answer_looks b ON (b.run, b.model, b.exit, b.instruction_id) = (o.run, o.model_b, o.exit_b, o.instruction_id)
) JOIN run_judge USING (run)
GROUP BY run, comparison, exit_a, exit_b`,
  }),
];
