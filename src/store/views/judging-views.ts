/** Views over verdicts and scores. */
import type { InnerView, View } from './view-type.ts';

/** Verdict about the slots, told about the models: `ab` means that model a stood in slot 1. */
const PREFERENCE = `
  CASE WHEN j.slot_verdict IN ('tie', 'malformed') THEN j.slot_verdict
       WHEN (j.slot_verdict = '1') = (p.ord = 'ab') THEN 'a'
       ELSE 'b' END`;

export const CELL_COLUMNS = ['run', 'comparison', 'model_a', 'exit_a', 'model_b', 'exit_b'];
export const CELL_ORDER = ['run', 'comparison', 'exit_a', 'exit_b'];
/** What is made of verdicts says whose they are. */
export const JUDGE_COLUMNS = ['judge', 'judge_deviations'];

const SCORE_COLUMNS = [
  ...CELL_COLUMNS,
  ...['policy', 'wins', 'losses', 'ties', 'malformed', 'total', 'score'],
  ...['ci_low', 'ci_high', 'p_value', 'p_holm', 'malformed_rule', 'judge_agreement', ...JUDGE_COLUMNS],
];

const SCORES = `
SELECT s.run, s.comparison, c.model_a, s.exit_a, c.model_b, s.exit_b, s.policy, s.wins, s.losses, s.ties, s.malformed,
       s.total, s.score, s.ci_low, s.ci_high, s.p_value, s.p_holm, s.malformed_rule, g.judge_agreement, j.judge,
       j.judge_deviations
FROM cell_score s JOIN cell c USING (run, comparison, exit_a, exit_b) JOIN run_judge j ON j.run = s.run
LEFT JOIN cell_agreement g ON (g.run, g.comparison, g.exit_a, g.exit_b) = (s.run, s.comparison, s.exit_a, s.exit_b)`;

const SCORE_MATRIX = { value: 'score', title: 'Score', scale: 'signed', pValue: 'p_holm' } as const;

export const JUDGING_VIEWS: readonly View[] = [
  {
    name: 'scores',
    description:
      "One row for each cell: wins, losses and ties of model a against model b, and the run's Score; judge_agreement: share of its verdicts that prefer the only right answer of a pair.",
    columns: SCORE_COLUMNS,
    orderBy: CELL_ORDER,
    matrix: { ...SCORE_MATRIX, by: [] },
    sql: `${SCORES} JOIN run r ON r.run = s.run AND r.policy = s.policy`,
  },
  {
    name: 'scores_by_policy',
    description: 'The same under every policy for reconciling the two orders.',
    columns: SCORE_COLUMNS,
    orderBy: [...CELL_ORDER, 'policy', 'malformed_rule'],
    matrix: { ...SCORE_MATRIX, by: ['policy', 'malformed_rule'] },
    sql: SCORES,
  },
  {
    name: 'cells',
    description: 'Raw verdicts counted for each cell and each order of the two answers.',
    columns: [...CELL_COLUMNS, 'ord', 'wins', 'losses', 'ties', 'malformed', 'verdicts', ...JUDGE_COLUMNS],
    orderBy: [...CELL_ORDER, 'ord'],
    sql: `
SELECT run, comparison, c.model_a, exit_a, c.model_b, exit_b, p.ord, p.wins, p.losses, p.ties, p.malformed, p.verdicts,
       judge, judge_deviations
FROM (
  SELECT p.run, p.comparison, p.exit_a, p.exit_b, p.ord,
         sum((j.slot_verdict = '1' AND p.ord = 'ab') OR (j.slot_verdict = '2' AND p.ord = 'ba')) AS wins,
         sum((j.slot_verdict = '2' AND p.ord = 'ab') OR (j.slot_verdict = '1' AND p.ord = 'ba')) AS losses,
         sum(j.slot_verdict = 'tie') AS ties, sum(j.slot_verdict = 'malformed') AS malformed, count(*) AS verdicts
  FROM judged_pair p JOIN judgement j USING (judgement_key)
  GROUP BY p.run, p.comparison, p.exit_a, p.exit_b, p.ord
) p JOIN cell c USING (run, comparison, exit_a, exit_b) JOIN run_judge USING (run)`,
  },
  {
    name: 'position_bias',
    description: 'How much the verdicts of each cell depend on which answer stands first.',
    columns: [
      ...[...CELL_COLUMNS, 'pairs', 'flips', 'flip_rate', 'named_slots', 'first_slots', 'first_slot_share'],
      ...JUDGE_COLUMNS,
    ],
    orderBy: CELL_ORDER,
    matrix: { value: 'flip_rate', title: 'Flip rate', scale: 'share', by: [] },
    sql: `
SELECT run, comparison, model_a, exit_a, model_b, exit_b, sum(is_read) AS pairs, sum(is_read AND ab <> ba) AS flips,
       avg(ab <> ba) FILTER (WHERE is_read) AS flip_rate, sum(named) AS named_slots, sum(first) AS first_slots,
       1.0 * sum(first) / nullif(sum(named), 0) AS first_slot_share, judge, judge_deviations
FROM (
  SELECT *, ab <> 'malformed' AND ba <> 'malformed' AS is_read, (ab IN ('a', 'b')) + (ba IN ('a', 'b')) AS named,
         (ab = 'a') + (ba = 'b') AS first
  FROM pair_outcome
) JOIN run_judge USING (run)
GROUP BY run, comparison, exit_a, exit_b`,
  },
  {
    name: 'verdicts',
    description: "Every verdict in each order with the judge's own words; preference names model a or b.",
    columns: [
      ...[
        ...CELL_COLUMNS,
        'instruction_id',
        'ord',
        'slot1_model',
        'slot2_model',
        'slot_verdict',
        'preference',
      ],
      ...['raw_text', 'parser_version', 'stop_reason', ...JUDGE_COLUMNS],
    ],
    orderBy: [...CELL_ORDER, 'instruction_id', 'ord'],
    sql: `
SELECT p.run, p.comparison, c.model_a, p.exit_a, c.model_b, p.exit_b, p.instruction_id, p.ord,
       iif(p.ord = 'ab', c.model_a, c.model_b) AS slot1_model, iif(p.ord = 'ab', c.model_b, c.model_a) AS slot2_model,
       j.slot_verdict, ${PREFERENCE} AS preference, j.raw_text, j.parser_version, j.stop_reason, judge, judge_deviations
FROM judged_pair p JOIN judgement j USING (judgement_key) JOIN cell c USING (run, comparison, exit_a, exit_b)
JOIN run_judge USING (run)`,
  },
  {
    name: 'judge_agreement',
    description:
      'Pairs whose verdict stays when the order is swapped, and verdicts for the only right answer of a pair.',
    columns: [
      ...['run', 'comparison', 'pairs', 'kept_pairs', 'kept_share'],
      ...['winner_pairs', 'agreeing_verdicts', 'agreement', 'kept_winner_pairs', 'kept_winner_share'],
      ...JUDGE_COLUMNS,
    ],
    orderBy: ['run', 'comparison'],
    sql: `
SELECT run, comparison, count(*) AS pairs, sum(kept) AS kept_pairs, avg(kept) AS kept_share,
       count(winner) AS winner_pairs, coalesce(sum((ab = winner) + (ba = winner)), 0) AS agreeing_verdicts,
       avg((ab = winner) + (ba = winner)) / 2 AS agreement,
       coalesce(sum(kept) FILTER (WHERE winner IS NOT NULL), 0) AS kept_winner_pairs,
       avg(kept) FILTER (WHERE winner IS NOT NULL) AS kept_winner_share, judge, judge_deviations
FROM (SELECT *, ab = ba AND ab <> 'malformed' AS kept FROM pair_winner) JOIN run_judge USING (run)
GROUP BY run, comparison`,
  },
  {
    name: 'human_agreement',
    description:
      "How a run's judge, asked in the same way, agreed with people's labels (`sorted-eval agreement`).",
    columns: [
      ...['run', 'labels', 'malformed_rule', 'pairs', 'accuracy', 'accuracy_low', 'accuracy_high'],
      ...['macro_f1', 'kappa', ...JUDGE_COLUMNS],
    ],
    orderBy: ['run', 'labels', 'malformed_rule'],
    sql: `
SELECT j.run, h.labels, h.malformed_rule, h.pairs, h.accuracy, h.accuracy_low, h.accuracy_high, h.macro_f1, h.kappa,
       r.judge, r.judge_deviations
FROM judge j JOIN human_agreement_result h ON (h.judge_key, h.decoding_json) = (j.judge_key, j.decoding_json)
JOIN run_judge r ON r.run = j.run`,
  },
];

/** A run's judge in words. */
const RUN_JUDGE: InnerView = {
  name: 'run_judge',
  sql: `
SELECT run, judge,
       (SELECT group_concat(value, '; ') FROM (SELECT value FROM json_each(deviations_json) ORDER BY key)) AS judge_deviations
FROM judge`,
};

/** Pairs judged in both orders. */
const PAIR_OUTCOME: InnerView = {
  name: 'pair_outcome',
  sql: `
SELECT p.run, p.comparison, c.model_a, p.exit_a, c.model_b, p.exit_b, p.instruction_id,
       max(${PREFERENCE}) FILTER (WHERE p.ord = 'ab') AS ab, max(${PREFERENCE}) FILTER (WHERE p.ord = 'ba') AS ba
FROM judged_pair p JOIN judgement j USING (judgement_key) JOIN cell c USING (run, comparison, exit_a, exit_b)
GROUP BY p.run, p.comparison, p.exit_a, p.exit_b, p.instruction_id
HAVING count(*) = 2`,
};

/** The same with the model whose answer alone is right; NULL where both are or neither is. */
const PAIR_WINNER: InnerView = {
  name: 'pair_winner',
  sql: `
SELECT o.*, CASE WHEN a.correct > b.correct THEN 'a' WHEN a.correct < b.correct THEN 'b' END AS winner
FROM pair_outcome o
LEFT JOIN answer_correct a ON (a.run, a.model, a.exit, a.instruction_id) = (o.run, o.model_a, o.exit_a, o.instruction_id)
LEFT JOIN answer_correct b ON (b.run, b.model, b.exit, b.instruction_id) = (o.run, o.model_b, o.exit_b, o.instruction_id)`,
};

/** Of a cell's verdicts on pairs with one right answer: the share that prefers it. */
const CELL_AGREEMENT: InnerView = {
  name: 'cell_agreement',
  sql: `
SELECT run, comparison, exit_a, exit_b, avg((ab = winner) + (ba = winner)) / 2 AS judge_agreement
FROM pair_winner GROUP BY run, comparison, exit_a, exit_b`,
};

export const INNER_JUDGING_VIEWS = [RUN_JUDGE, PAIR_OUTCOME, PAIR_WINNER, CELL_AGREEMENT];
