import { z } from 'zod';
import { canonicalJson, type JsonValue } from '../../core/json.ts';

/**
 * A configuration without those keys that are at their default and not in `firstKeys`. Stored hashes were
 * made with the first keys written out; a key that is added later is left out at its default, so that it
 * makes no old run another one.
 * @param value as `schema` gives it, defaults filled in; plain JSON
 * @param firstKeys dotted paths below `value`; items of lists have no path of their own: `kl.curves.model`
 */
export function withoutLaterDefaults(
  value: JsonValue,
  schema: z.core.$ZodType,
  firstKeys: ReadonlySet<string>,
  path = '',
): JsonValue {
  const inner = unwrapped(schema);
  if (Array.isArray(value)) {
    if (!(inner instanceof z.ZodArray)) return value;
    return value.map((item) => withoutLaterDefaults(item, inner.element, firstKeys, path));
  }
  if (!isPlain(value) || !(inner instanceof z.ZodObject)) return value;
  const kept = Object.entries(value).flatMap(([key, item]): [string, JsonValue][] => {
    const keyPath = `${path}${key}`;
    const keySchema = inner.shape[key];
    if (item === undefined) return [];
    if (!keySchema) return [[key, item]];
    if (!firstKeys.has(keyPath) && isDefault(item, keySchema)) return [];
    return [[key, withoutLaterDefaults(item, keySchema, firstKeys, `${keyPath}.`)]];
  });
  return Object.fromEntries(kept);
}

function isPlain(value: JsonValue): value is { readonly [key: string]: JsonValue | undefined } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isDefault(value: JsonValue, schema: z.core.$ZodType): boolean {
  const result = z.safeParse(schema, undefined);
  if (!result.success || result.data === undefined) return false;
  return canonicalJson(value) === canonicalJson(result.data as JsonValue);
}

/** The schema below defaults and optionality. */
function unwrapped(schema: z.core.$ZodType): z.core.$ZodType {
  const isWrapper =
    schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault || schema instanceof z.ZodOptional;
  return isWrapper ? unwrapped(schema.def.innerType) : schema;
}
