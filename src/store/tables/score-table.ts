/** Scores of a run's cells, and what the run checked about itself. Both are made anew from stored verdicts at any time. */
import type { Cell, MalformedRule, Policy, Score } from '../../core/domain.ts';
import type { Reader, Store } from '../database.ts';
import { CELL_SCORE } from '../schema/comparison-tables.ts';
import { RUN_CHECK } from '../schema/run-tables.ts';
import { fields, inserter } from './statements.ts';

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
}

/** The view `judge_agreement`. */
export interface JudgeAgreement {
  readonly comparison: string;
  /** Pairs judged in both orders. */
  readonly pairs: number;
  /** Pairs with the same preference in both orders, malformed ones not counted. */
  readonly keptPairs: number;
  /** Pairs of which exactly one response is right. */
  readonly winnerPairs: number;
  /** Verdicts of those pairs (two each) that prefer the right response. */
  readonly agreeingVerdicts: number;
  /** Pairs of those with the same preference in both orders. */
  readonly keptWinnerPairs: number;
}

/** Replaces all scores of a run; `policy` is the one that the view `scores` shows. */
export function saveScores(store: Store, run: string, policy: Policy, scores: readonly CellScore[]): void {
  store.transaction(() => {
    store.run('UPDATE run SET policy = @policy WHERE run = @run', { run, policy });
    store.run('DELETE FROM cell_score WHERE run = @run', { run });
    for (const score of scores) insertScore(store, { run, ...score });
  });
}

/** By comparison, exit a, exit b, policy. */
export function readScores(store: Reader, run: string): CellScore[] {
  return store.all<CellScore>(SELECT_SCORES, { run });
}

/** Replaces all checks of a run. */
export function saveChecks(store: Store, run: string, checks: readonly CheckRecord[]): void {
  store.transaction(() => {
    store.run('DELETE FROM run_check WHERE run = @run', { run });
    for (const { name, passed, detail } of checks) {
      insertCheck(store, { run, checkName: name, passed: Number(passed), detail });
    }
  });
}

export function readChecks(store: Reader, run: string): CheckRecord[] {
  const rows = store.all<{ name: string; passed: number; detail: string }>(
    'SELECT check_name AS name, passed, detail FROM run_check WHERE run = @run ORDER BY check_name',
    { run },
  );
  return rows.map((row) => ({ ...row, passed: row.passed === 1 }));
}

/** How often the judge prefers the only right response, and how consistent its verdicts are in the other order. */
export function readJudgeAgreement(store: Reader, run: string): JudgeAgreement[] {
  return store.all<JudgeAgreement>(
    `SELECT ${fields('comparison', 'pairs', 'kept_pairs', 'winner_pairs', 'agreeing_verdicts', 'kept_winner_pairs')}
     FROM judge_agreement WHERE run = @run ORDER BY comparison`,
    { run },
  );
}

const insertScore = inserter(CELL_SCORE, 'refuse');
const insertCheck = inserter(RUN_CHECK, 'refuse');

const SELECT_SCORES = `SELECT ${fields('comparison', 'exit_a', 'exit_b', 'policy', 'malformed_rule', 'wins', 'losses', 'ties')},
  ${fields('malformed', 'total', 'score', 'ci_low', 'ci_high', 'p_value', 'p_holm')}
  FROM cell_score WHERE run = @run ORDER BY comparison, exit_a, exit_b, policy, malformed_rule`;
