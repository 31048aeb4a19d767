/**
 * Names for what was computed: sha256 over everything that the result depends on. Equal keys mean equal content, whatever
 * run asks; a part that changes (weights, exit, prompt, settings) gives another key.
 */
import { sha256 } from '../model/hash.ts';

export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue | undefined };

/** What kind of content a key names, so that two kinds with equal parts never meet. */
export type ContentKind = 'sub-model' | 'response' | 'judge' | 'judgement' | 'kl';

/** 64 hex digits. Throws TypeError where a part is not JSON (NaN, a function, a bigint): such a part would be lost silently. */
export function contentKey(kind: ContentKind, parts: { readonly [part: string]: JsonValue }): string {
  return sha256(canonicalJson({ kind, parts }));
}

/** JSON with keys in code unit order and without white space: equal values give equal text. Keys of undefined are left out. */
export function canonicalJson(value: JsonValue): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item)).join(',')}]`;
  if (typeof value === 'object' && value !== null)
    return canonicalObject(value as { readonly [key: string]: JsonValue });
  if (typeof value === 'number' && !Number.isFinite(value)) throw new TypeError(`${value} has no JSON form`);
  const text = JSON.stringify(value);
  if (text === undefined) throw new TypeError(`a ${typeof value} has no JSON form`);
  return text;
}

function canonicalObject(value: { readonly [key: string]: JsonValue | undefined }): string {
  const prototype = Object.getPrototypeOf(value);
  // A Map, a Date or a typed array has no keys of its own here and would look like `{}`.
  if (prototype !== Object.prototype && prototype !== null)
    throw new TypeError('only plain objects have a JSON form');
  const keys = Object.keys(value)
    .filter((key) => value[key] !== undefined)
    .sort();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonicalJson(value[key]!)}`).join(',')}}`;
}
