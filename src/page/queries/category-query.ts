/** Reads by category of instructions; files of schemas before 5 have no such views. */
import { defineRead, type Read } from '../../store/read/read.ts';

interface Bounded {
  readonly category: string;
  readonly n: number;
  readonly value: number;
  readonly ciLow: number;
  readonly ciHigh: number;
}

/** The share of right responses of a sub-model. */
export interface CategoryShare extends Bounded {
  readonly model: string;
  readonly exit: number;
}

/** The score of a cell. */
export interface CategoryScore extends Bounded {
  readonly comparison: string;
  readonly exitA: number;
  readonly exitB: number;
}

/** Categories in the order of the instruction set. */
export function categorySharesRead(run: string): Read<CategoryShare> {
  return defineRead(SELECT_SHARES, { run }, { needs: 'category_quality' });
}

/** Of the cells in which an exit meets the deepest exit of the other model. */
export function categoryScoresRead(run: string): Read<CategoryScore> {
  return defineRead(SELECT_SCORES, { run }, { needs: 'category_scores' });
}

const IN_ORDER = `(
  SELECT category, min(position) AS place FROM instructions WHERE run = @run AND category IS NOT NULL GROUP BY category
)`;

const SELECT_SHARES = `SELECT model, exit, category, total AS n, exact_match AS value, ci_low, ci_high
FROM category_quality JOIN ${IN_ORDER} USING (category)
WHERE run = @run
ORDER BY model, place, exit`;

const SELECT_SCORES = `SELECT s.comparison, s.exit_a, s.exit_b, s.category, s.n, s.score AS value, s.ci_low, s.ci_high
FROM category_scores s JOIN ${IN_ORDER} USING (category)
JOIN (SELECT comparison, max(exit_a) AS deepest_a, max(exit_b) AS deepest_b FROM cell WHERE run = @run GROUP BY comparison)
  USING (comparison)
WHERE s.run = @run AND (s.exit_a = deepest_a OR s.exit_b = deepest_b)
ORDER BY s.comparison, place, s.exit_a, s.exit_b`;
