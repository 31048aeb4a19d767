/** Views over scores and over verdicts counted by cell. */
import { MEANING } from '../schema/column-meanings.js';
import { DECISIVE_VERDICTS, FIRST_SLOT_VERDICTS, IS_FLIP, IS_READ, preference, preferring, share, } from './rules.js';
import { CELL_COLUMNS, CELL_ORDER, integer, JUDGE_COLUMNS, real, text } from './view-columns.js';
import { view } from './view-type.js';
const SCORE_COLUMNS = {
    ...CELL_COLUMNS,
    policy: text(MEANING.policy),
    wins: real(MEANING.wins),
    losses: real(MEANING.losses),
    ties: real(MEANING.ties),
    malformed: real(MEANING.malformed),
    total: real(MEANING.total),
    score: real(MEANING.score),
    ci_low: real(MEANING.ci_low),
    ci_high: real(MEANING.ci_high),
    p_value: real(MEANING.p_value),
    p_holm: real(MEANING.p_holm),
    malformed_rule: text(MEANING.malformed_rule),
    judge_agreement: real([
        'share of the verdicts on pairs with one right response that prefer it, in [0, 1]',
        'no pair has just one right response',
    ]),
    ...JUDGE_COLUMNS,
};
const SCORES = `
SELECT s.run, s.comparison, c.model_a, s.exit_a, c.model_b, s.exit_b, s.policy, s.wins, s.losses, s.ties, s.malformed,
       s.total, s.score, s.ci_low, s.ci_high, s.p_value, s.p_holm, s.malformed_rule, g.judge_agreement, j.judge,
       j.judge_deviations
FROM cell_score s JOIN cell c USING (run, comparison, exit_a, exit_b) JOIN run_judge j ON j.run = s.run
LEFT JOIN cell_agreement g ON (g.run, g.comparison, g.exit_a, g.exit_b) = (s.run, s.comparison, s.exit_a, s.exit_b)`;
const SCORE_MATRIX = { value: 'score', title: 'Score', scale: 'signed', pValue: 'p_holm' };
const verdictsWith = (value) => `sum(preference = ${preferring(value)})`;
export const SCORE_VIEWS = [
    view({
        name: 'scores',
        description: "One row for each cell: wins, losses and ties of model a against model b, and the run's Score; judge_agreement: share of its verdicts that prefer the only right response of a pair.",
        columns: SCORE_COLUMNS,
        orderBy: CELL_ORDER,
        matrix: { ...SCORE_MATRIX, by: [] },
        sql: `${SCORES} JOIN run r ON r.run = s.run AND r.policy = s.policy`,
    }),
    view({
        name: 'scores_by_policy',
        description: 'The same under every policy for reconciling the two orders.',
        columns: SCORE_COLUMNS,
        orderBy: [...CELL_ORDER, 'policy', 'malformed_rule'],
        matrix: { ...SCORE_MATRIX, by: ['policy', 'malformed_rule'] },
        sql: SCORES,
    }),
    view({
        name: 'cells',
        description: 'Raw verdicts counted for each cell and each order of the two responses.',
        columns: {
            ...CELL_COLUMNS,
            ord: text(MEANING.ord),
            wins: integer('verdicts that prefer model a'),
            losses: integer('verdicts that prefer model b'),
            ties: integer('verdicts that say tie'),
            malformed: integer('unreadable verdicts'),
            verdicts: integer('all verdicts'),
            ...JUDGE_COLUMNS,
        },
        orderBy: [...CELL_ORDER, 'ord'],
        sql: `
SELECT run, comparison, c.model_a, exit_a, c.model_b, exit_b, p.ord, p.wins, p.losses, p.ties, p.malformed, p.verdicts,
       judge, judge_deviations
FROM (
  SELECT run, comparison, exit_a, exit_b, ord, ${verdictsWith('a')} AS wins, ${verdictsWith('b')} AS losses,
         ${verdictsWith('tie')} AS ties, ${verdictsWith('malformed')} AS malformed, count(*) AS verdicts
  FROM (
    SELECT p.run, p.comparison, p.exit_a, p.exit_b, p.ord, ${preference('p.ord', 'j.slot_verdict')} AS preference
    FROM judged_pair p JOIN judgement j USING (judgement_key)
  )
  GROUP BY run, comparison, exit_a, exit_b, ord
) p JOIN cell c USING (run, comparison, exit_a, exit_b) JOIN run_judge USING (run)`,
    }),
    view({
        name: 'position_bias',
        description: 'How much the verdicts of each cell depend on which response stands first.',
        columns: {
            ...CELL_COLUMNS,
            pairs: integer('pairs with two readable verdicts'),
            flips: integer('those of them whose preference changes with the order'),
            flip_rate: real(['flips / pairs, in [0, 1]', 'no pair has two readable verdicts']),
            named_slots: integer('verdicts that name a slot'),
            first_slots: integer('those of them that name slot 1'),
            first_slot_share: real([
                'first_slots / named_slots, in [0, 1]; 0.5 without position bias',
                'no verdict names a slot',
            ]),
            ...JUDGE_COLUMNS,
        },
        orderBy: CELL_ORDER,
        matrix: { value: 'flip_rate', title: 'Flip rate', scale: 'share', by: [] },
        sql: `
SELECT run, comparison, model_a, exit_a, model_b, exit_b, sum(is_read) AS pairs, sum(is_read AND is_flip) AS flips,
       avg(is_flip) FILTER (WHERE is_read) AS flip_rate, sum(named) AS named_slots, sum(first) AS first_slots,
       ${share('sum(first)', 'sum(named)')} AS first_slot_share, judge, judge_deviations
FROM (
  SELECT *, ${IS_READ} AS is_read, ${IS_FLIP} AS is_flip, ${DECISIVE_VERDICTS} AS named, ${FIRST_SLOT_VERDICTS} AS first
  FROM pair_outcome
) JOIN run_judge USING (run)
GROUP BY run, comparison, exit_a, exit_b`,
    }),
];
