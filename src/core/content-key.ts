/**
 * Names for computed content: sha256 over everything that the result depends on. Equal keys mean equal
 * content in every run; a part that changes (weights, exit, prompt, settings) gives another key.
 */
import { canonicalJson, type JsonValue } from './json.ts';
import { sha256 } from './sha256.ts';

/** The kinds of content that {@link contentKey} names, so that two kinds with equal parts never meet. */
export type ContentKind = 'response' | 'judgement' | 'kl' | 'speed' | 'dynamic';

/**
 * @returns 64 hex digits, whatever the order of the parts
 * @throws TypeError for a part that is not JSON
 */
export function contentKey(kind: ContentKind, parts: { readonly [part: string]: JsonValue }): string {
  return sha256(canonicalJson({ kind, parts }));
}

/**
 * The key of a sub-model, a judge or a recorded file. The order of the parts counts, as it did when the first
 * keys were made: another order would compute everything in existing results files again.
 * @returns 64 hex digits
 */
export function orderedKey(parts: JsonValue): string {
  return sha256(JSON.stringify(parts));
}
