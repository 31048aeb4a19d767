import type { MalformedRule } from '../../core/domain.ts';
import type { Reader } from '../database.ts';
import { type HumanAgreement, readHumanAgreement } from '../tables/human-agreement-table.ts';
import { type JudgeAgreement, readJudgeAgreement, readScores } from '../tables/score-table.ts';
import { type OrderCounts, readOrderCounts } from './position-bias.ts';

/** What was measured of the verdicts behind the scores. */
export interface ScoreEvidence {
  /** Of all comparisons. */
  readonly orders: readonly OrderCounts[];
  readonly malformedRule: MalformedRule;
  readonly agreement: readonly JudgeAgreement[];
  readonly people: readonly HumanAgreement[];
}

/** How far a run's scores can be trusted. */
export function readEvidence(store: Reader, run: string, comparisons: readonly string[]): ScoreEvidence {
  return {
    orders: comparisons.flatMap((comparison) => readOrderCounts(store, run, comparison)),
    malformedRule: readScores(store, run)[0]?.malformedRule ?? 'dropped',
    agreement: readJudgeAgreement(store, run),
    people: readHumanAgreement(store, run),
  };
}
