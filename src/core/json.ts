/** What JSON can hold. Keys of `undefined` are left out. */
export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue | undefined };

/**
 * JSON with keys in code unit order and without white space: equal values give equal text.
 * @throws TypeError for what JSON would lose silently: NaN, a function, a bigint, an object with a prototype
 * of its own
 */
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
