/** What a run's verdicts say in each order of the answers, over all cells of a comparison. */
import type { Cell, Order } from '../../core/domain.ts';
import type { Reader } from '../database.ts';

/** The view `cells` of one order; wins are those of model a. */
export interface OrderCounts {
  readonly order: Order;
  readonly wins: number;
  readonly losses: number;
  readonly ties: number;
  readonly malformed: number;
}

/** The view `position_bias`. */
export interface PositionBias {
  /** Pairs with two readable verdicts. */
  readonly readPairs: number;
  /** Those of them whose preference changes with the order. */
  readonly flips: number;
  /** Verdicts that name a slot. */
  readonly namedSlots: number;
  /** Those of them that name slot 1: half of them for a judge without position bias. */
  readonly firstSlots: number;
}

/** Order `ab` first; `[]` where nothing is judged. */
export function readOrderCounts(store: Reader, run: string, comparison: string): OrderCounts[] {
  return store.all<OrderCounts>(
    `SELECT ord AS "order", sum(wins) AS wins, sum(losses) AS losses, sum(ties) AS ties, sum(malformed) AS malformed
     FROM cells WHERE run = @run AND comparison = @comparison GROUP BY ord ORDER BY ord`,
    { run, comparison },
  );
}

/** The cell whose verdicts depend most on the order, the first of several. */
export interface WorstCell extends Cell {
  readonly readPairs: number;
  readonly flips: number;
}

/** Undefined where no cell has a pair with two readable verdicts. */
export function readWorstCell(store: Reader, run: string, comparison: string): WorstCell | undefined {
  return store.get<WorstCell>(
    `SELECT exit_a AS exitA, exit_b AS exitB, pairs AS readPairs, flips FROM position_bias
     WHERE run = @run AND comparison = @comparison AND pairs > 0 ORDER BY flip_rate DESC, exit_a, exit_b LIMIT 1`,
    { run, comparison },
  );
}

/** All 0 where no pair is judged in both orders. */
export function readPositionBias(store: Reader, run: string, comparison: string): PositionBias {
  return store.get<PositionBias>(
    `SELECT coalesce(sum(pairs), 0) AS readPairs, coalesce(sum(flips), 0) AS flips,
       coalesce(sum(named_slots), 0) AS namedSlots, coalesce(sum(first_slots), 0) AS firstSlots
     FROM position_bias WHERE run = @run AND comparison = @comparison`,
    { run, comparison },
  )!;
}
