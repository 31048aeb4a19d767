/**
 * Loglikelihood of responses under a scorer model: `likelihood` holds the values, `run_reference` the scorer
 * of a run.
 */
import type { SubModel } from '../../core/domain.ts';
import type { Store } from '../database.ts';
import { LIKELIHOOD, RUN_REFERENCE } from '../schema/quality-tables.ts';
import { inserter, knownKeys } from './statements.ts';

export interface LoglikelihoodRecord {
  readonly responseKey: string;
  /** Sub-model key of the scorer. */
  readonly scorerKey: string;
  /** How many of the response's tokens were scored: those that the scorer's context holds. */
  readonly tokens: number;
  /** Nats a token; null without tokens. */
  readonly meanLogProbability: number | null;
}

export interface ScorerRecord extends SubModel {
  readonly scorerKey: string;
}

/** Sets the scorer of a run, or that it has none. */
export function saveScorer(store: Store, run: string, scorer: ScorerRecord | undefined): void {
  store.transaction(() => {
    store.run('DELETE FROM run_reference WHERE run = @run', { run });
    if (!scorer) return;
    const { scorerKey, ...subModel } = scorer;
    insertScorer(store, { run, ...subModel, referenceKey: scorerKey });
  });
}

/** Those of `responseKeys` that the scorer need not score again. */
export function knownLoglikelihoods(
  store: Store,
  scorerKey: string,
  responseKeys: readonly string[],
): Set<string> {
  return knownKeys(store, LIKELIHOOD, 'response_key', responseKeys, { reference_key: scorerKey });
}

/** One finished unit of work in one transaction. Content that is there already stays as it is. */
export function saveLoglikelihoods(store: Store, records: readonly LoglikelihoodRecord[]): void {
  store.transaction(() => {
    for (const { scorerKey, ...record } of records) insert(store, { ...record, referenceKey: scorerKey });
  });
}

const insert = inserter(LIKELIHOOD, 'keep');
const insertScorer = inserter(RUN_REFERENCE, 'refuse');
