/** Loglikelihood of responses under a scorer model: `likelihood` holds the values, `run_reference` the scorer of a run. */
import type { SubModel } from '../../core/domain.ts';
import type { Store } from '../database.ts';
import { LIKELIHOOD, RUN_REFERENCE } from '../schema/quality-tables.ts';
import { inserter, knownKeys } from './statements.ts';

export interface LikelihoodRecord {
  readonly responseKey: string;
  /** Sub-model key of the scorer. */
  readonly referenceKey: string;
  /** How many of the response's tokens were scored: those that the scorer's context holds. */
  readonly tokens: number;
  /** Nats a token; null without tokens. */
  readonly meanLogProbability: number | null;
}

export interface ReferenceRecord extends SubModel {
  readonly referenceKey: string;
}

/** Sets the scorer of a run, or that it has none. */
export function saveReference(store: Store, run: string, reference: ReferenceRecord | undefined): void {
  store.transaction(() => {
    store.run('DELETE FROM run_reference WHERE run = @run', { run });
    if (!reference) return;
    insertReference(store, { run, ...reference });
  });
}

/** Those of `responseKeys` that the scorer need not score again. */
export function knownLikelihoods(
  store: Store,
  referenceKey: string,
  responseKeys: readonly string[],
): Set<string> {
  return knownKeys(store, LIKELIHOOD, 'response_key', responseKeys, { reference_key: referenceKey });
}

/** One finished unit of work in one transaction. Content that is there already stays as it is. */
export function saveLikelihoods(store: Store, records: readonly LikelihoodRecord[]): void {
  store.transaction(() => {
    for (const record of records) insert(store, record);
  });
}

const insert = inserter(LIKELIHOOD, 'keep');
const insertReference = inserter(RUN_REFERENCE, 'refuse');
