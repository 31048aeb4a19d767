import { canonicalJson } from '../../core/json.js';
import { HUMAN_AGREEMENT_RESULT } from '../schema/content-tables.js';
import { inserter } from './statements.js';
/** A new measurement with the same judge, labels and rule replaces the old one. */
export function saveHumanAgreement(store, { decoding, ...record }) {
    upsert(store, { ...record, decodingJson: canonicalJson(decoding) });
}
const upsert = inserter(HUMAN_AGREEMENT_RESULT, [
    ...['labels', 'pairs', 'accuracy', 'accuracy_low', 'accuracy_high', 'macro_f1', 'kappa'],
]);
