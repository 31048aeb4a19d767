/** Views over single verdicts, and over how far the judge can be trusted. */
import { MEANING } from '../schema/column-meanings.js';
import { AGREEMENT, IS_CONSISTENT, preference, verdictsThatPrefer, winner } from './rules.js';
import { CELL_COLUMNS, CELL_ORDER, integer, JUDGE_COLUMNS, real, text } from './view-columns.js';
import { view } from './view-type.js';
export const JUDGING_VIEWS = [
    view({
        name: 'verdicts',
        description: "Every verdict in each order with the judge's own words; preference names model a or b.",
        columns: {
            ...CELL_COLUMNS,
            instruction_id: text(MEANING.instruction_id),
            ord: text(MEANING.ord),
            slot1_model: text('model whose response stood in slot 1'),
            slot2_model: text('model whose response stood in slot 2'),
            slot_verdict: text(MEANING.slot_verdict),
            preference: text('which model the verdict favours: a, b, tie, malformed'),
            raw_text: text(MEANING.raw_text),
            parser_version: integer(MEANING.parser_version),
            stop_reason: text(MEANING.stop_reason),
            ...JUDGE_COLUMNS,
        },
        orderBy: [...CELL_ORDER, 'instruction_id', 'ord'],
        sql: `
SELECT p.run, p.comparison, c.model_a, p.exit_a, c.model_b, p.exit_b, p.instruction_id, p.ord,
       iif(p.ord = 'ab', c.model_a, c.model_b) AS slot1_model, iif(p.ord = 'ab', c.model_b, c.model_a) AS slot2_model,
       j.slot_verdict, ${preference('p.ord', 'j.slot_verdict')} AS preference, j.raw_text, j.parser_version, j.stop_reason,
       judge, judge_deviations
FROM judged_pair p JOIN judgement j USING (judgement_key) JOIN cell c USING (run, comparison, exit_a, exit_b)
JOIN run_judge USING (run)`,
    }),
    view({
        name: 'judge_agreement',
        description: 'Pairs whose verdict stays when the order is swapped, and verdicts for the only right response of a pair.',
        columns: {
            run: text(MEANING.run),
            comparison: text(MEANING.comparison),
            pairs: integer('pairs judged in both orders'),
            kept_pairs: integer('those of them with the same readable preference in both orders'),
            kept_share: real('kept_pairs / pairs: consistency, in [0, 1]'),
            winner_pairs: integer('pairs with just one right response'),
            agreeing_verdicts: integer('verdicts on winner_pairs, two each, that prefer the right response'),
            agreement: real(['agreeing_verdicts / (2 winner_pairs), in [0, 1]', 'winner_pairs is 0']),
            kept_winner_pairs: integer('winner_pairs with the same readable preference in both orders'),
            kept_winner_share: real(['kept_winner_pairs / winner_pairs, in [0, 1]', 'winner_pairs is 0']),
            ...JUDGE_COLUMNS,
        },
        orderBy: ['run', 'comparison'],
        sql: `
SELECT run, comparison, count(*) AS pairs, sum(kept) AS kept_pairs, avg(kept) AS kept_share,
       count(winner) AS winner_pairs, coalesce(sum(${verdictsThatPrefer('winner')}), 0) AS agreeing_verdicts,
       ${AGREEMENT} AS agreement,
       coalesce(sum(kept) FILTER (WHERE winner IS NOT NULL), 0) AS kept_winner_pairs,
       avg(kept) FILTER (WHERE winner IS NOT NULL) AS kept_winner_share, judge, judge_deviations
FROM (SELECT *, ${IS_CONSISTENT} AS kept FROM pair_winner) JOIN run_judge USING (run)
GROUP BY run, comparison`,
    }),
    view({
        name: 'human_agreement',
        description: "How a run's judge, with the same settings, agreed with people's labels (`sorted-eval agreement`).",
        columns: {
            run: text(MEANING.run),
            labels: text(MEANING.labels),
            malformed_rule: text(MEANING.agreement_rule),
            pairs: integer(MEANING.labelled_pairs),
            accuracy: real(MEANING.accuracy),
            accuracy_low: real(MEANING.accuracy_low),
            accuracy_high: real(MEANING.accuracy_high),
            macro_f1: real(MEANING.macro_f1),
            kappa: real(MEANING.kappa),
            ...JUDGE_COLUMNS,
        },
        orderBy: ['run', 'labels', 'malformed_rule'],
        sql: `
SELECT j.run, h.labels, h.malformed_rule, h.pairs, h.accuracy, h.accuracy_low, h.accuracy_high, h.macro_f1, h.kappa,
       r.judge, r.judge_deviations
FROM judge j JOIN human_agreement_result h ON (h.judge_key, h.decoding_json) = (j.judge_key, j.decoding_json)
JOIN run_judge r ON r.run = j.run`,
    }),
];
/** A run's judge in words. */
const RUN_JUDGE = {
    name: 'run_judge',
    sql: `
SELECT run, judge,
       (SELECT group_concat(value, '; ') FROM (SELECT value FROM json_each(deviations_json) ORDER BY key)) AS judge_deviations
FROM judge`,
};
const PREFERENCE = preference('p.ord', 'j.slot_verdict');
/** Pairs judged in both orders. */
const PAIR_OUTCOME = {
    name: 'pair_outcome',
    sql: `
SELECT p.run, p.comparison, c.model_a, p.exit_a, c.model_b, p.exit_b, p.instruction_id,
       max(${PREFERENCE}) FILTER (WHERE p.ord = 'ab') AS ab, max(${PREFERENCE}) FILTER (WHERE p.ord = 'ba') AS ba
FROM judged_pair p JOIN judgement j USING (judgement_key) JOIN cell c USING (run, comparison, exit_a, exit_b)
GROUP BY p.run, p.comparison, p.exit_a, p.exit_b, p.instruction_id
HAVING count(*) = 2`,
};
/** The same with the model whose response alone is right; NULL where both are or neither is. */
const PAIR_WINNER = {
    name: 'pair_winner',
    sql: `
SELECT o.*, ${winner('a.correct', 'b.correct')} AS winner
FROM pair_outcome o
LEFT JOIN answer_correct a ON (a.run, a.model, a.exit, a.instruction_id) = (o.run, o.model_a, o.exit_a, o.instruction_id)
LEFT JOIN answer_correct b ON (b.run, b.model, b.exit, b.instruction_id) = (o.run, o.model_b, o.exit_b, o.instruction_id)`,
};
/** Of a cell's verdicts on pairs with one right response: the share that prefers it. */
const CELL_AGREEMENT = {
    name: 'cell_agreement',
    sql: `
SELECT run, comparison, exit_a, exit_b, ${AGREEMENT} AS judge_agreement
FROM pair_winner GROUP BY run, comparison, exit_a, exit_b`,
};
export const INNER_JUDGING_VIEWS = [RUN_JUDGE, PAIR_OUTCOME, PAIR_WINNER, CELL_AGREEMENT];
