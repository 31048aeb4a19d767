/** The views `degenerate_answers` and `degenerate_wins`, as a report needs them. */
import type { SubModel } from '../../core/domain.ts';
import type { Store } from '../database.ts';

export interface DegenerateAnswers extends SubModel {
  readonly answers: number;
  readonly empty: number;
  /** Repetitive or unlikely. */
  readonly degenerate: number;
}

/** Verdicts on all cells of a comparison. */
export interface DegenerateWins {
  /** Those that prefer an answer. */
  readonly wins: number;
  /** Those of them that prefer one that looks degenerate. */
  readonly degenerate: number;
}

export function readDegenerateAnswers(store: Store, run: string): DegenerateAnswers[] {
  return store.all<DegenerateAnswers>(
    'SELECT model, exit, answers, empty, degenerate FROM degenerate_answers WHERE run = @run ORDER BY model, exit',
    { run },
  );
}

/** All 0 where nothing is judged. */
export function readDegenerateWins(store: Store, run: string, comparison: string): DegenerateWins {
  return store.get<DegenerateWins>(
    `SELECT coalesce(sum(wins), 0) AS wins, coalesce(sum(degenerate), 0) AS degenerate
     FROM degenerate_wins WHERE run = @run AND comparison = @comparison`,
    { run, comparison },
  )!;
}
