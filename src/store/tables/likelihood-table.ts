/** How likely a run's reference finds its answers: `likelihood` holds the values, `run_reference` which reference is a run's. */
import type { SubModel } from '../../core/domain.ts';
import type { Store } from '../database.ts';

export interface LikelihoodRecord {
  readonly responseKey: string;
  /** Sub-model key of the reference. */
  readonly referenceKey: string;
  /** How many of the answer's tokens were asked about: those that the reference's context holds. */
  readonly tokens: number;
  /** Nats a token; null without tokens. */
  readonly meanLogProbability: number | null;
}

export interface ReferenceRecord extends SubModel {
  readonly referenceKey: string;
}

/** Sets the reference of a run, or that it has none. */
export function saveReference(store: Store, run: string, reference: ReferenceRecord | undefined): void {
  store.transaction(() => {
    store.run('DELETE FROM run_reference WHERE run = @run', { run });
    if (!reference) return;
    store.run('INSERT INTO run_reference VALUES (@run, @model, @exit, @referenceKey)', { run, ...reference });
  });
}

/** Those of `responseKeys` that the reference need not be asked about again. */
export function knownLikelihoods(
  store: Store,
  referenceKey: string,
  responseKeys: readonly string[],
): Set<string> {
  const rows = store.all<{ key: string }>(
    `SELECT response_key AS key FROM likelihood
     WHERE reference_key = @referenceKey AND response_key IN (SELECT value FROM json_each(@keys))`,
    { referenceKey, keys: JSON.stringify(responseKeys) },
  );
  return new Set(rows.map(({ key }) => key));
}

/** One finished unit of work in one transaction. Content that is there already stays as it is. */
export function saveLikelihoods(store: Store, records: readonly LikelihoodRecord[]): void {
  store.transaction(() => {
    for (const record of records) store.run(INSERT, { ...record });
  });
}

const INSERT = `INSERT INTO likelihood VALUES (@responseKey, @referenceKey, @tokens, @meanLogProbability)
  ON CONFLICT DO NOTHING`;
