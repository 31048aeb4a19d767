/** Views over what was measured of exits: KL divergence by position, and speed. Each point has its n and its interval. */
import { MEANING } from '../schema/column-meanings.ts';
import { meanMargin, medianRankOf } from './interval-rules.ts';
import { tokensPerSecond } from './rules.ts';
import { integer, real, SUB_MODEL_COLUMNS, text } from './view-columns.ts';
import { type InnerView, type View, view } from './view-type.ts';

const CURVE_COLUMNS = {
  run: text(MEANING.run),
  curve: text(MEANING.curve),
  model: text(MEANING.model),
  exit: integer(MEANING.exit),
  reference_model: text(MEANING.reference_model),
  reference_exit: integer(MEANING.reference_exit),
  position: integer("position in the reference model's response, from 0"),
  mean_kl_nats: real('mean KL(reference model ‖ sub-model) in nats'),
  instructions: integer("instructions for which the reference model's response reaches this position"),
};
const CURVE_ORDER = ['run', 'curve', 'model', 'exit', 'reference_model', 'reference_exit', 'position'];
const POINT = CURVE_ORDER.join(', ');

const TIMED_COLUMNS = { ...SUB_MODEL_COLUMNS, batch_size: integer(MEANING.batch_size) };
const TIMED_ORDER = ['run', 'model', 'exit', 'batch_size'];
const TIMED = TIMED_ORDER.join(', ');

export const MEASUREMENT_VIEWS: readonly View[] = [
  view({
    name: 'kl_curves',
    description: "Mean KL divergence in nats at each output position of the reference model's responses.",
    columns: CURVE_COLUMNS,
    orderBy: CURVE_ORDER,
    sql: `
SELECT c.run, c.curve, c.model, c.exit, c.reference_model, c.reference_exit, v.position,
       avg(v.kl_nats) AS mean_kl_nats, count(*) AS instructions
FROM kl_curve c JOIN kl_value v USING (kl_key)
GROUP BY c.run, c.curve, c.model, c.exit, c.reference_model, c.reference_exit, v.position`,
  }),
  view({
    name: 'kl_points',
    description:
      "The same with the 95 % interval of each mean over instructions: Student's t, cut at 0, where KL begins.",
    columns: {
      ...CURVE_COLUMNS,
      sd_nats: real(["standard deviation of the instructions' values, in nats", 'one instruction alone']),
      ci_low: real(['lower bound of the 95 % interval of the mean, in nats', 'one instruction alone']),
      ci_high: real(['upper bound of the 95 % interval of the mean, in nats', 'one instruction alone']),
    },
    orderBy: CURVE_ORDER,
    sql: `
SELECT ${POINT}, mean_kl_nats, instructions, sqrt(variance) AS sd_nats, max(0.0, mean_kl_nats - margin) AS ci_low,
       mean_kl_nats + margin AS ci_high
FROM (
  SELECT *, ${meanMargin('instructions', 'variance')} AS margin
  FROM (
    SELECT ${POINT}, mean_kl_nats, instructions,
           sum((kl_nats - mean_kl_nats) * (kl_nats - mean_kl_nats)) / nullif(instructions - 1, 0) AS variance
    FROM kl_curves JOIN (SELECT * FROM kl_curve JOIN kl_value USING (kl_key)) USING (${POINT})
    GROUP BY ${POINT}
  )
)`,
  }),
  view({
    name: 'exit_speed',
    description: 'Generated tokens per second of each exit, measured alone at one batch size.',
    columns: {
      ...TIMED_COLUMNS,
      tokens_per_second: real(
        'generated tokens of all rows per second of wall time; median of the repetitions',
      ),
    },
    orderBy: TIMED_ORDER,
    sql: `SELECT ${TIMED}, tokens_per_second FROM exit_speeds`,
  }),
  view({
    name: 'exit_speeds',
    description:
      'Speed of each exit at one batch size, all exits timed in turns: median of the repetitions and its 95 % interval by order statistics.',
    columns: {
      ...TIMED_COLUMNS,
      repetitions: integer('how often it was timed'),
      tokens_per_second: real(
        'generated tokens of all rows per second of wall time; median of the repetitions',
      ),
      ci_low: real(['lower bound of its interval of at least 95 %', 'fewer than 6 repetitions']),
      ci_high: real(['upper bound of its interval of at least 95 %', 'fewer than 6 repetitions']),
      prompt_tokens: integer(['tokens that the timed ones follow', 'measured before version 4']),
      machine: text(['processor, cores, execution provider', 'measured before version 4']),
    },
    orderBy: TIMED_ORDER,
    sql: `
SELECT ${TIMED}, repetitions,
       avg(tokens_per_second) FILTER (WHERE place IN ((repetitions + 1) / 2, repetitions / 2 + 1)) AS tokens_per_second,
       max(tokens_per_second) FILTER (WHERE place = edge) AS ci_low,
       max(tokens_per_second) FILTER (WHERE place = repetitions + 1 - edge) AS ci_high,
       settings_json ->> '$.promptTokens' AS prompt_tokens, settings_json ->> '$.machine' AS machine
FROM (
  SELECT *, ${medianRankOf('repetitions')} AS edge
  FROM (
    SELECT ${TIMED}, speed_key, tokens_per_second, row_number() OVER (PARTITION BY ${TIMED} ORDER BY tokens_per_second) AS place,
           count(*) OVER (PARTITION BY ${TIMED}) AS repetitions
    FROM speed_repetitions JOIN run_speed USING (${TIMED})
  )
) JOIN (SELECT speed_key, settings_json FROM speed_measurement) USING (speed_key)
GROUP BY ${TIMED}`,
  }),
  view({
    name: 'speed_repetitions',
    description: 'Every timing behind exit_speeds.',
    columns: {
      ...TIMED_COLUMNS,
      repetition: integer('round, from 0; all exits have a turn in each'),
      tokens: integer('generated tokens of all rows'),
      duration_ms: real('wall time in ms'),
      tokens_per_second: real('tokens per second of wall time'),
    },
    orderBy: [...TIMED_ORDER, 'repetition'],
    sql: `
SELECT ${TIMED}, repetition, tokens, duration_ms, ${tokensPerSecond('tokens', 'duration_ms')} AS tokens_per_second
FROM run_speed JOIN speed_repetition USING (speed_key)`,
  }),
];

/** What the table of this name had until version 3, over all repetitions: queries on it still run. */
export const SPEED: InnerView = {
  name: 'speed',
  sql: `
SELECT ${TIMED}, sum(tokens) AS tokens, sum(duration_ms) AS duration_ms
FROM run_speed JOIN speed_repetition USING (speed_key) GROUP BY ${TIMED}`,
};
