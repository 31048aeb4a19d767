/** KL divergences: `kl` and `kl_value` hold one pass over one reference answer, `kl_curve` which passes make a run's curves. */

import { contentKey } from '../../core/content-key.ts';
import type { SubModel } from '../../core/domain.ts';
import { canonicalJson, type JsonValue } from '../../core/json.ts';
import type { Store } from '../database.ts';

/** What the divergences along one answer depend on. */
export interface KlParts {
  readonly subModelKey: string;
  /** Sub-model key of the reference. */
  readonly referenceKey: string;
  /** The answer that both were forced along. */
  readonly responseKey: string;
  /** Direction, positions and whatever else was chosen. */
  readonly settings: JsonValue;
}

export interface KlRecord extends KlParts {
  readonly klKey: string;
  /** Nats; index is the 0-based output position. */
  readonly klNats: readonly number[];
}

export interface KlMapping extends SubModel {
  readonly curve: string;
  readonly referenceModel: string;
  readonly referenceExit: number;
  readonly instructionId: string;
  readonly klKey: string;
}

export function klKey({ subModelKey, referenceKey, responseKey, settings }: KlParts): string {
  return contentKey('kl', { subModelKey, referenceKey, responseKey, settings });
}

/** Those of `keys` that need not be computed again. */
export function knownKlKeys(store: Store, keys: readonly string[]): Set<string> {
  const rows = store.all<{ key: string }>(
    'SELECT kl_key AS key FROM kl WHERE kl_key IN (SELECT value FROM json_each(@keys))',
    { keys: JSON.stringify(keys) },
  );
  return new Set(rows.map(({ key }) => key));
}

/** One finished unit of work in one transaction. Content that is there already stays as it is. */
export function saveKl(
  store: Store,
  run: string,
  unit: { readonly passes: readonly KlRecord[]; readonly curves: readonly KlMapping[] },
): void {
  store.transaction(() => {
    for (const pass of unit.passes) insertPass(store, pass);
    for (const mapping of unit.curves) store.run(UPSERT_CURVE, { run, ...mapping });
  });
}

const INSERT_PASS = `INSERT INTO kl VALUES (@klKey, @subModelKey, @referenceKey, @responseKey, @settings)
  ON CONFLICT DO NOTHING`;

const UPSERT_CURVE = `INSERT INTO kl_curve
  VALUES (@run, @curve, @model, @exit, @referenceModel, @referenceExit, @instructionId, @klKey)
  ON CONFLICT DO UPDATE SET kl_key = excluded.kl_key`;

function insertPass(store: Store, { settings, klNats, ...pass }: KlRecord): void {
  store.run(INSERT_PASS, { ...pass, settings: canonicalJson(settings) });
  for (const [position, nats] of klNats.entries()) {
    // NaN would be stored as NULL and refused as such; an infinite divergence is a bug of the graph, not a value.
    if (!Number.isFinite(nats)) throw new RangeError(`KL at position ${position} is ${nats}`);
    store.run('INSERT INTO kl_value VALUES (@klKey, @position, @nats) ON CONFLICT DO NOTHING', {
      klKey: pass.klKey,
      position,
      nats,
    });
  }
}
