/** Reads of how far a run's verdicts can be trusted. */
import type { Cell, Order } from '../../core/domain.ts';
import type { HumanAgreement } from '../tables/human-agreement-table.ts';
import { type CellChoice, chosenCells } from './cell-choice.ts';
import { defineRead, type Read } from './read.ts';

/** The view `cells` over all cells of a comparison; wins are those of model a. */
export interface OrderCounts {
  readonly comparison: string;
  readonly order: Order;
  readonly wins: number;
  readonly losses: number;
  readonly ties: number;
  readonly malformed: number;
}

/** The view `position_bias` of one cell. */
export interface PositionBias extends Cell {
  readonly comparison: string;
  /** Pairs with two readable verdicts. */
  readonly readPairs: number;
  /** Those of them whose preference changes with the order. */
  readonly flips: number;
  /** Verdicts that name a slot. */
  readonly decisiveVerdicts: number;
  /** Those of them that name slot 1: half of them for a judge without position bias. */
  readonly firstSlots: number;
}

/** The view `length_bias` of one cell. */
export interface LengthBias extends Cell {
  readonly comparison: string;
  /** Verdicts that prefer the longer response, the shorter one, one of equal length. */
  readonly longer: number;
  readonly shorter: number;
  readonly equal: number;
}

/** The view `judge_agreement`. */
export interface JudgeAgreement {
  readonly comparison: string;
  /** Pairs judged in both orders. */
  readonly pairs: number;
  /** Pairs with the same preference in both orders, malformed ones not counted. */
  readonly consistentPairs: number;
  /** Pairs of which exactly one response is right. */
  readonly winnerPairs: number;
  /** Verdicts of those pairs (two each) that prefer the right response. */
  readonly agreeingVerdicts: number;
  /** Pairs of those with the same preference in both orders. */
  readonly consistentWinnerPairs: number;
}

/** How far a run's judge can be trusted, over all its verdicts. */
export interface JudgeTrust {
  readonly verdicts: number;
  readonly malformed: number;
  /** Pairs with two readable verdicts, and those of them whose preference changes with the order. */
  readonly readPairs: number;
  readonly flips: number;
  /** Verdicts on pairs with just one right response, and those of them that prefer it. */
  readonly decidable: number;
  readonly agreeing: number;
}

/** By comparison, order `ab` first; no rows where nothing is judged. */
export function orderCountsRead(run: string): Read<OrderCounts> {
  return defineRead(SELECT_ORDERS, { run });
}

/** The same of one cell. */
export function cellOrdersRead(cell: CellChoice): Read<OrderCounts> {
  const { where, params } = chosenCells(cell);
  return defineRead(`${SELECT_CELL_ORDERS}\n${where}\nORDER BY ord`, params);
}

/**
 * One row for each cell of a comparison, or of one cell; the cells whose verdicts depend most on the order
 * come first.
 */
export function positionBiasRead(choice: CellChoice): Read<PositionBias> {
  const { where, params } = chosenCells(choice);
  return defineRead(`${SELECT_BIAS}\n${where}\nORDER BY flip_rate DESC, exit_a, exit_b`, params);
}

/** One row for each cell of a comparison, or of one cell; by exits. */
export function lengthBiasRead(choice: CellChoice): Read<LengthBias> {
  const { where, params } = chosenCells(choice);
  return defineRead(`${SELECT_LENGTH}\n${where}\nORDER BY exit_a, exit_b`, params, { needs: 'length_bias' });
}

/** One row: verdicts on a cell's pairs with exactly one right response, and those of them that prefer it. */
export function cellAgreementRead(
  cell: CellChoice,
): Read<{ readonly decidable: number; readonly agreeing: number }> {
  const { where, params } = chosenCells(cell);
  return defineRead(`${SELECT_CELL_AGREEMENT}\n${where}`, params);
}

/** By comparison. */
export function judgeAgreementRead(run: string): Read<JudgeAgreement> {
  return defineRead(SELECT_AGREEMENT, { run });
}

/** How a run's judge agreed with people's labels. */
export function humanAgreementRead(run: string): Read<HumanAgreement> {
  return defineRead(SELECT_PEOPLE, { run });
}

/** One row; none where nothing is judged. */
export function judgeTrustRead(run: string): Read<JudgeTrust> {
  return defineRead(SELECT_TRUST, { run }, { needs: 'judges' });
}

const SELECT_ORDERS = `SELECT comparison, ord AS "order", sum(wins) AS wins, sum(losses) AS losses, sum(ties) AS ties,
  sum(malformed) AS malformed
FROM cells
WHERE run = @run
GROUP BY comparison, ord
ORDER BY comparison, ord`;

const SELECT_CELL_ORDERS = `SELECT comparison, ord AS "order", wins, losses, ties, malformed
FROM cells`;

const SELECT_BIAS = `SELECT comparison, exit_a, exit_b, pairs AS read_pairs, flips, named_slots AS decisive_verdicts, first_slots
FROM position_bias`;

const SELECT_LENGTH = `SELECT comparison, exit_a, exit_b, longer, shorter, equal
FROM length_bias`;

const SELECT_CELL_AGREEMENT = `SELECT 2 * count(winner) AS decidable, coalesce(sum((ab = winner) + (ba = winner)), 0) AS agreeing
FROM pair_winner`;

const SELECT_AGREEMENT = `SELECT comparison, pairs, kept_pairs AS consistent_pairs, winner_pairs, agreeing_verdicts,
  kept_winner_pairs AS consistent_winner_pairs
FROM judge_agreement
WHERE run = @run
ORDER BY comparison`;

const SELECT_PEOPLE = `SELECT labels, malformed_rule, pairs, accuracy, accuracy_low, accuracy_high, macro_f1, kappa
FROM human_agreement
WHERE run = @run
ORDER BY labels, malformed_rule`;

const SELECT_TRUST = `SELECT verdicts, malformed, read_pairs, flips, decidable, agreeing
FROM judges
JOIN (SELECT coalesce(sum(pairs), 0) AS read_pairs, coalesce(sum(flips), 0) AS flips FROM position_bias WHERE run = @run)
JOIN (
  SELECT coalesce(2 * sum(winner_pairs), 0) AS decidable, coalesce(sum(agreeing_verdicts), 0) AS agreeing
  FROM judge_agreement WHERE run = @run
)
WHERE run = @run AND verdicts > 0`;
