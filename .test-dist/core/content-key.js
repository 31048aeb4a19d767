/**
 * Names for computed content: sha256 over everything that the result depends on. Equal keys mean equal content in every
 * run; a part that changes (weights, exit, prompt, settings) gives another key.
 */
import { canonicalJson } from './json.js';
import { sha256 } from './sha256.js';
/**
 * @returns 64 hex digits, whatever the order of the parts
 * @throws TypeError for a part that is not JSON
 */
export function contentKey(kind, parts) {
    return sha256(canonicalJson({ kind, parts }));
}
/**
 * The key of a sub-model, a judge or a recorded file. The order of the parts counts, as it did when the first keys were
 * made: another order would compute everything in existing results files again.
 * @returns 64 hex digits
 */
export function orderedKey(parts) {
    return sha256(JSON.stringify(parts));
}
