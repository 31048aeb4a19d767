import { LIKELIHOOD, RUN_REFERENCE } from '../schema/quality-tables.js';
import { inserter, knownKeys } from './statements.js';
/** Sets the scorer of a run, or that it has none. */
export function saveReference(store, run, reference) {
    store.transaction(() => {
        store.run('DELETE FROM run_reference WHERE run = @run', { run });
        if (!reference)
            return;
        insertReference(store, { run, ...reference });
    });
}
/** Those of `responseKeys` that the scorer need not score again. */
export function knownLikelihoods(store, referenceKey, responseKeys) {
    return knownKeys(store, LIKELIHOOD, 'response_key', responseKeys, { reference_key: referenceKey });
}
/** One finished unit of work in one transaction. Content that is there already stays as it is. */
export function saveLikelihoods(store, records) {
    store.transaction(() => {
        for (const record of records)
            insert(store, record);
    });
}
const insert = inserter(LIKELIHOOD, 'keep');
const insertReference = inserter(RUN_REFERENCE, 'refuse');
