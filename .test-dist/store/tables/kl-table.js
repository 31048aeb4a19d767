/** KL divergences: `kl` and `kl_value` hold one pass along one response, `kl_curve` which passes make a run's curves. */
import { contentKey } from '../../core/content-key.js';
import { canonicalJson } from '../../core/json.js';
import { KL_CURVE } from '../schema/comparison-tables.js';
import { KL, KL_VALUE } from '../schema/content-tables.js';
import { inserter, knownKeys } from './statements.js';
export function klKey({ subModelKey, referenceKey, responseKey, settings }) {
    return contentKey('kl', { subModelKey, referenceKey, responseKey, settings });
}
/** Those of `keys` that need not be computed again. */
export function knownKlKeys(store, keys) {
    return knownKeys(store, KL, 'kl_key', keys);
}
/** One finished unit of work in one transaction. Content that is there already stays as it is. */
export function saveKl(store, run, unit) {
    store.transaction(() => {
        for (const pass of unit.passes)
            insertPass(store, pass);
        for (const mapping of unit.curves)
            insertMapping(store, { run, ...mapping });
    });
}
const insertKl = inserter(KL, 'keep');
const insertValue = inserter(KL_VALUE, 'keep');
const insertMapping = inserter(KL_CURVE, ['kl_key']);
function insertPass(store, { settings, klNats, ...pass }) {
    insertKl(store, { ...pass, settingsJson: canonicalJson(settings) });
    for (const [position, nats] of klNats.entries()) {
        // NaN would be stored as NULL and refused as such; an infinite divergence is a bug of the graph, not a value.
        if (!Number.isFinite(nats))
            throw new RangeError(`KL at position ${position} is ${nats}`);
        insertValue(store, { klKey: pass.klKey, position, klNats: nats });
    }
}
