/** What a zod schema expects, as text for the tables of docs/sweep-file.md. */
import { z } from 'zod';

export interface KeyRow {
  /** Dotted; `[]`: each item of a list. */
  readonly path: string;
  readonly type: string;
  /** YAML of the default; `required`, or empty where the description gives it. */
  readonly default: string;
  readonly description: string;
}

/**
 * Links to the sections of schemas whose keys are listed elsewhere, by `definitionOf`: a description makes another schema
 * of the same definition.
 */
export type Sections = ReadonlyMap<object, string>;

/** What schemas share that differ in their descriptions alone. */
export function definitionOf(schema: z.core.$ZodType): object {
  return schema._zod.def;
}

type AnyObject = z.ZodObject<Readonly<Record<string, z.core.$ZodType>>>;

/** Every key of an object, those of inner objects after the key that holds them. */
export function keyRows(schema: AnyObject, sections: Sections, prefix = ''): KeyRow[] {
  return Object.entries(schema.shape).flatMap(([key, value]) => {
    const path = `${prefix}${key}`;
    const { inner, description, fallback } = unwrap(value);
    const row = { path, type: typeText(inner, sections), default: fallback, description };
    return [row, ...innerRows(inner, sections, path)];
  });
}

function innerRows(schema: z.core.$ZodType, sections: Sections, path: string): KeyRow[] {
  if (sections.has(definitionOf(schema))) return [];
  if (schema instanceof z.ZodObject) return keyRows(schema as AnyObject, sections, `${path}.`);
  if (schema instanceof z.ZodArray) return innerRows(unwrap(schema.element).inner, sections, `${path}[]`);
  return [];
}

interface Unwrapped {
  readonly inner: z.core.$ZodType;
  readonly description: string;
  readonly fallback: string;
}

/** The schema below optionality, defaults and transformations, with the outermost description. */
function unwrap(schema: z.core.$ZodType, description = '', fallback = 'required'): Unwrapped {
  const found = description || (z.globalRegistry.get(schema)?.description ?? '');
  if (schema instanceof z.ZodOptional) return unwrap(schema.def.innerType, found, '');
  if (schema instanceof z.ZodPrefault) return unwrap(schema.def.innerType, found, '');
  if (schema instanceof z.ZodDefault)
    return unwrap(schema.def.innerType, found, `\`${defaultText(schema.def.defaultValue)}\``);
  return { inner: schema, description: found, fallback };
}

/** @throws Error for a kind of schema that it has no words for */
function typeText(schema: z.core.$ZodType, sections: Sections): string {
  const section = sections.get(definitionOf(schema));
  if (section !== undefined) return section;
  const inner = (value: z.core.$ZodType) => typeText(unwrap(value).inner, sections);
  if (schema instanceof z.ZodEnum) return schema.options.map((option) => `\`${option}\``).join(', ');
  if (schema instanceof z.ZodString) return 'string';
  if (schema instanceof z.ZodNumber) return numberText(schema);
  if (schema instanceof z.ZodBoolean) return 'boolean';
  if (schema instanceof z.ZodArray) return `list of ${plural(inner(schema.element))}`;
  if (schema instanceof z.ZodRecord) return recordText(inner(schema.valueType));
  if (schema instanceof z.ZodUnion)
    return schema.options.map((option) => optionText(option, inner)).join(' or ');
  if (schema instanceof z.ZodObject) return 'object';
  if (schema instanceof z.ZodLazy) return 'any';
  throw new Error(`No words for a schema of type ${schema._zod.def.type}`);
}

function recordText(value: string): string {
  return value === 'any' ? 'object' : `object of ${plural(value)}`;
}

/** The keys of an object within a union are not listed, so they stand here. */
function optionText(schema: z.core.$ZodType, inner: (schema: z.core.$ZodType) => string): string {
  return schema instanceof z.ZodObject ? `{${Object.keys(schema.shape).join(', ')}}` : inner(schema);
}

function defaultText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function numberText(schema: z.ZodNumber): string {
  const kind = schema.isInt ? 'integer' : 'number';
  const { minValue, maxValue } = schema;
  const low = minValue !== null && minValue > Number.MIN_SAFE_INTEGER ? lowest(schema, minValue) : '';
  const high = maxValue !== null && maxValue < Number.MAX_SAFE_INTEGER ? `≤ ${maxValue}` : '';
  return [kind, [low, high].filter((bound) => bound !== '').join(', ')]
    .filter((part) => part !== '')
    .join(' ');
}

function lowest(schema: z.ZodNumber, minimum: number): string {
  if (schema.safeParse(minimum).success) return `≥ ${minimum}`;
  return schema.isInt ? `≥ ${minimum + 1}` : `> ${minimum}`;
}

function plural(type: string): string {
  return type.replace(/^(string|integer|number|object|boolean)\b/, '$1s');
}
