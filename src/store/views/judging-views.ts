/** Views over single verdicts, and over how far the judge can be trusted. */
import { MEANING } from '../schema/column-meanings.ts';
import {
  AGREEMENT,
  IS_CONSISTENT,
  preference,
  preferring,
  share,
  slotVerdict,
  verdictsThatPrefer,
  winner,
} from './rules.ts';
import { CELL_COLUMNS, CELL_ORDER, integer, JUDGE_COLUMNS, real, text } from './view-columns.ts';
import { type InnerView, type View, view } from './view-type.ts';

export const JUDGING_VIEWS: readonly View[] = [
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
    name: 'judges',
    description: 'Which model judged a run, how it decoded, and how many verdicts it gave.',
    columns: {
      run: text(MEANING.run),
      judge: text(MEANING.judge),
      model: text(MEANING.judge_model),
      parameters: integer(MEANING.judge_parameters),
      source: text(MEANING.judge_source),
      decoding: text(MEANING.decoding_json),
      deviations: text(MEANING.judge_deviations),
      verdicts: integer('verdicts on pairs of the run, each order one'),
      texts: integer('texts behind them: equal answers make equal prompts, which are read once'),
      malformed: integer('verdicts that cannot be read'),
    },
    orderBy: ['run'],
    sql: `
SELECT j.run, j.judge, j.model, j.parameters, j.source, j.decoding_json AS decoding, r.judge_deviations AS deviations,
       count(p.judgement_key) AS verdicts, count(DISTINCT p.judgement_key) AS texts,
       coalesce(sum(t.slot_verdict = ${slotVerdict('malformed')}), 0) AS malformed
FROM judge j JOIN run_judge r USING (run) LEFT JOIN judged_pair p USING (run) LEFT JOIN judgement t USING (judgement_key)
GROUP BY j.run`,
  }),
  view({
    name: 'length_bias',
    description:
      'How often the verdicts of each cell prefer the longer response, in characters without the white space at the ends.',
    columns: {
      ...CELL_COLUMNS,
      longer: integer('verdicts that prefer the longer response'),
      shorter: integer('verdicts that prefer the shorter one'),
      longer_share: real([
        'longer / (longer + shorter), in [0, 1]; 0.5 where length plays no part',
        'no verdict prefers one of two responses of unequal length',
      ]),
      equal: integer('verdicts that prefer one of two responses of equal length; not in the share'),
      undecided: integer('ties and malformed verdicts; not in the share'),
      ...JUDGE_COLUMNS,
    },
    orderBy: CELL_ORDER,
    matrix: {
      value: 'longer_share',
      title: 'Share of verdicts for the longer answer',
      scale: 'share',
      by: [],
    },
    sql: `
SELECT run, comparison, model_a, exit_a, model_b, exit_b, sum(longer) AS longer, sum(shorter) AS shorter,
       ${share('sum(longer)', 'sum(longer + shorter)')} AS longer_share, sum(equal) AS equal,
       sum(2 - longer - shorter - equal) AS undecided, judge, judge_deviations
FROM (
  SELECT o.*, iif(a.characters > b.characters, by_a, 0) + iif(a.characters < b.characters, by_b, 0) AS longer,
         iif(a.characters < b.characters, by_a, 0) + iif(a.characters > b.characters, by_b, 0) AS shorter,
         iif(a.characters = b.characters, by_a + by_b, 0) AS equal
  FROM (
    SELECT *, ${verdictsThatPrefer(preferring('a'))} AS by_a, ${verdictsThatPrefer(preferring('b'))} AS by_b FROM pair_outcome
  ) o
  JOIN answer_length a ON (a.run, a.model, a.exit, a.instruction_id) = (o.run, o.model_a, o.exit_a, o.instruction_id)
  JOIN answer_length b ON (b.run, b.model, b.exit, b.instruction_id) = (o.run, o.model_b, o.exit_b, o.instruction_id)
) JOIN run_judge USING (run)
GROUP BY run, comparison, exit_a, exit_b`,
  }),
  view({
    name: 'judge_agreement',
    description:
      'Pairs whose verdict stays when the order is swapped, and verdicts for the only right response of a pair.',
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
    description:
      "How a run's judge, with the same settings, agreed with people's labels (`sorted-eval agreement`).",
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
const RUN_JUDGE: InnerView = {
  name: 'run_judge',
  sql: `
SELECT run, judge,
       (SELECT group_concat(value, '; ') FROM (SELECT value FROM json_each(deviations_json) ORDER BY key)) AS judge_deviations
FROM judge`,
};

const PREFERENCE = preference('p.ord', 'j.slot_verdict');

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

/** The same with the model whose response alone is right; NULL where both are or neither is. */
const PAIR_WINNER: InnerView = {
  name: 'pair_winner',
  sql: `
SELECT o.*, ${winner('a.correct', 'b.correct')} AS winner
FROM pair_outcome o
LEFT JOIN answer_correct a ON (a.run, a.model, a.exit, a.instruction_id) = (o.run, o.model_a, o.exit_a, o.instruction_id)
LEFT JOIN answer_correct b ON (b.run, b.model, b.exit, b.instruction_id) = (o.run, o.model_b, o.exit_b, o.instruction_id)`,
};

/** Characters of every response of a run; those of a judge's prompt are stripped too. */
const ANSWER_LENGTH: InnerView = {
  name: 'answer_length',
  sql: 'SELECT run, model, exit, instruction_id, characters FROM answer JOIN text_quality USING (response_key)',
};

/** Of a cell's verdicts on pairs with one right response: the share that prefers it. */
const CELL_AGREEMENT: InnerView = {
  name: 'cell_agreement',
  sql: `
SELECT run, comparison, exit_a, exit_b, ${AGREEMENT} AS judge_agreement
FROM pair_winner GROUP BY run, comparison, exit_a, exit_b`,
};

export const INNER_JUDGING_VIEWS = [RUN_JUDGE, PAIR_OUTCOME, PAIR_WINNER, ANSWER_LENGTH, CELL_AGREEMENT];
