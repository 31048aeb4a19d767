/**
 * Scores of a run's cells, and what the run checked about itself. Both are made anew from stored verdicts at
 * any time.
 */
import type { Cell, MalformedRule, Policy, Score } from '../../core/domain.ts';
import type { Store } from '../database.ts';
import { CELL_SCORE, RUN_CHECK } from '../schema/changed-tables.ts';
import { inserter } from './statements.ts';

export interface CellScore extends Cell, Score {
  readonly comparison: string;
  readonly policy: Policy;
  readonly malformedRule: MalformedRule;
  /** Bounds of the confidence interval of the score; null: not computed. */
  readonly ciLow: number | null;
  readonly ciHigh: number | null;
  readonly pValue: number | null;
  /** Corrected by Holm over the cells of the matrix. */
  readonly pHolm: number | null;
}

export interface CheckRecord {
  readonly name: string;
  readonly passed: boolean;
  /** What was found, for a person to read. */
  readonly detail: string;
  /** Only shown: it does not decide the exit code. */
  readonly isBadge?: boolean;
}

/** A badge that did not pass is a note. */
export function checkState({
  passed,
  isBadge = false,
}: Pick<CheckRecord, 'passed' | 'isBadge'>): 'passed' | 'failed' | 'note' {
  if (passed) return 'passed';
  return isBadge ? 'note' : 'failed';
}

/** Replaces all scores of a run; `policy` is the one that the view `scores` shows. */
export function saveScores(store: Store, run: string, policy: Policy, scores: readonly CellScore[]): void {
  store.transaction(() => {
    store.run('UPDATE run SET policy = @policy WHERE run = @run', { run, policy });
    store.run('DELETE FROM cell_score WHERE run = @run', { run });
    for (const score of scores) insertScore(store, { run, ...score });
  });
}

/** By what the stored scores of a run count verdicts; undefined where it is not scored yet. */
export function readScoredBy(
  store: Store,
  run: string,
): { readonly policy: Policy; readonly malformed: MalformedRule } | undefined {
  return store.get(
    `SELECT r.policy, min(s.malformed_rule) AS malformed FROM run r JOIN cell_score s USING (run)
     WHERE run = @run AND r.policy IS NOT NULL GROUP BY run`,
    { run },
  );
}

/** Replaces all checks of a run. */
export function saveChecks(store: Store, run: string, checks: readonly CheckRecord[]): void {
  store.transaction(() => {
    store.run('DELETE FROM run_check WHERE run = @run', { run });
    for (const { name, passed, detail, isBadge = false } of checks) {
      insertCheck(store, { run, checkName: name, passed: Number(passed), detail, badge: Number(isBadge) });
    }
  });
}

const insertScore = inserter(CELL_SCORE, 'refuse');
const insertCheck = inserter(RUN_CHECK, 'refuse');
