import { SPEED } from '../schema/run-tables.js';
import { fields, inserter } from './statements.js';
/** A new measurement of the same exit and batch size replaces the old one. */
export function saveSpeed(store, run, measured) {
    store.transaction(() => {
        for (const record of measured)
            upsert(store, { run, ...record });
    });
}
export function readSpeed(store, run) {
    return store.all(`SELECT ${fields('model', 'exit', 'batch_size', 'tokens', 'duration_ms', 'tokens_per_second')}
     FROM speed JOIN exit_speed USING (run, model, exit, batch_size)
     WHERE run = @run ORDER BY model, exit, batch_size`, { run });
}
const upsert = inserter(SPEED, ['tokens', 'duration_ms']);
