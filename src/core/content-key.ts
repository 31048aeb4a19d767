/**
 * Names for what was computed: sha256 over everything that the result depends on. Equal keys mean equal content, whatever
 * run asks; a part that changes (weights, exit, prompt, settings) gives another key.
 */

import { canonicalJson, type JsonValue } from './canonical-json.ts';
import { sha256 } from './sha256.ts';

export { canonicalJson, type JsonValue };

/** What kind of content a key names, so that two kinds with equal parts never meet. */
export type ContentKind = 'sub-model' | 'response' | 'judge' | 'judgement' | 'kl';

/** 64 hex digits. Throws TypeError where a part is not JSON (NaN, a function, a bigint): such a part would be lost silently. */
export function contentKey(kind: ContentKind, parts: { readonly [part: string]: JsonValue }): string {
  return sha256(canonicalJson({ kind, parts }));
}
