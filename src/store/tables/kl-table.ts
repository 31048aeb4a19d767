/**
 * KL divergences: `kl` and `kl_value` hold one pass along one response, `kl_curve` which passes make a run's
 * curves.
 */

import { contentKey } from '../../core/content-key.ts';
import type { SubModel } from '../../core/domain.ts';
import { canonicalJson, type JsonValue } from '../../core/json.ts';
import type { Store } from '../database.ts';
import { KL_CURVE } from '../schema/comparison-tables.ts';
import { KL, KL_VALUE } from '../schema/content-tables.ts';
import { inserter, knownKeys } from './statements.ts';

/** What the divergences along one response depend on. */
export interface KlParts {
  readonly subModelKey: string;
  /** Sub-model key of the reference model. */
  readonly referenceKey: string;
  /** The response that both were forced along. */
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
  return knownKeys(store, KL, 'kl_key', keys);
}

/** One finished unit of work in one transaction. Content that is there already stays as it is. */
export function saveKl(
  store: Store,
  run: string,
  unit: { readonly passes: readonly KlRecord[]; readonly curves: readonly KlMapping[] },
): void {
  store.transaction(() => {
    for (const pass of unit.passes) insertPass(store, pass);
    for (const mapping of unit.curves) insertMapping(store, { run, ...mapping });
  });
}

const insertKl = inserter(KL, 'keep');
const insertValue = inserter(KL_VALUE, 'keep');
const insertMapping = inserter(KL_CURVE, ['kl_key']);

function insertPass(store: Store, { settings, klNats, ...pass }: KlRecord): void {
  insertKl(store, { ...pass, settingsJson: canonicalJson(settings) });
  for (const [position, nats] of klNats.entries()) {
    // NaN would be stored as NULL and refused as such; an infinite divergence is a bug of the graph, not a value.
    if (!Number.isFinite(nats)) throw new RangeError(`KL at position ${position} is ${nats}`);
    insertValue(store, { klKey: pass.klKey, position, klNats: nats });
  }
}
