/** Reads of scores and checks. */
import type { MalformedRule, Policy } from '../../core/domain.ts';
import type { CellScore, CheckRecord } from '../tables/score-table.ts';
import { camelCased, defineRead, type Read } from './read.ts';

/** Scores of a run, under one policy where it is given; by comparison, exit a, exit b, policy. */
export function scoresRead(run: string, policy?: Policy): Read<CellScore> {
  const where = policy === undefined ? 'WHERE run = @run' : 'WHERE run = @run AND policy = @policy';
  const sql = `${SELECT_SCORES}\n${where}\nORDER BY comparison, exit_a, exit_b, policy, malformed_rule`;
  return defineRead(sql, policy === undefined ? { run } : { run, policy });
}

/** Policies that a run was scored under. */
export function policiesRead(run: string): Read<{ readonly policy: Policy }> {
  return defineRead('SELECT DISTINCT policy FROM cell_score WHERE run = @run ORDER BY policy', { run });
}

/** One row: how malformed verdicts were counted; null where nothing is scored. */
export function malformedRuleRead(run: string): Read<{ readonly malformedRule: MalformedRule | null }> {
  return defineRead('SELECT min(malformed_rule) AS malformed_rule FROM cell_score WHERE run = @run', { run });
}

/** Pairs behind the scores of a run's cells. */
export interface PairCounts {
  /** Of the cell with the fewest and with the most; null: nothing is scored. */
  readonly fewest: number | null;
  readonly most: number | null;
  readonly instructions: number;
}

/** One row. */
export function pairCountsRead(run: string): Read<PairCounts> {
  return defineRead(SELECT_PAIRS, { run });
}

/** By name. */
export function checksRead(run: string): Read<CheckRecord> {
  return defineRead(SELECT_CHECKS, { run }, { toRow: toCheck });
}

interface StoredCheck extends Pick<CheckRecord, 'name' | 'detail'> {
  readonly passed: number;
  readonly badge: number;
}

function toCheck(stored: Parameters<typeof camelCased>[0]): CheckRecord {
  const { passed, badge, ...texts } = camelCased<StoredCheck>(stored);
  return { ...texts, passed: passed === 1, ...(badge === 1 && { isBadge: true }) };
}

const SELECT_SCORES = `SELECT comparison, exit_a, exit_b, policy, malformed_rule, wins, losses, ties, malformed, total, score,
  ci_low, ci_high, p_value, p_holm
FROM cell_score`;

const SELECT_PAIRS = `SELECT min(total) AS fewest, max(total) AS most,
  (SELECT count(*) FROM run_instruction WHERE run = @run) AS instructions
FROM cell_score
WHERE run = @run AND policy = 'average'`;

const SELECT_CHECKS = `SELECT check_name AS name, passed, detail, badge
FROM run_check
WHERE run = @run
ORDER BY check_name`;
