import type { z } from 'zod';
import { rememberKeys } from './schema-hints.ts';

/**
 * What a schema expects, as a user would say it: `a string`. A message that the schema has of its own goes
 * before these.
 */
export const schemaWords: z.core.$ZodErrorMap = (issue) => {
  switch (issue.code) {
    case 'invalid_type':
      return TYPES[issue.expected] ?? issue.expected;
    case 'invalid_value':
      return issue.values.map((value) => JSON.stringify(value)).join(' or ');
    case 'unrecognized_keys':
      rememberKeys(issue.keys, keysOf(issue.inst));
      return 'known keys only';
    case 'invalid_key':
      return `as a key ${issue.issues[0]!.message}`;
    case 'too_small':
      return bound(issue.origin, issue.inclusive ? 'at least' : 'more than', issue.minimum);
    case 'too_big':
      return bound(issue.origin, issue.inclusive ? 'at most' : 'less than', issue.maximum);
    case 'not_multiple_of':
      return `a multiple of ${issue.divisor}`;
    case 'invalid_union':
      return unionWords(issue as UnionIssue);
    // A text of another form, a check that does not say what it wants: better said by the schema.
    default:
      return 'another value';
  }
};

interface UnionIssue {
  readonly errors: readonly (readonly z.core.$ZodIssue[])[];
  /** Values of the key that decides, where one does. */
  readonly options?: readonly unknown[];
}

/** Each choice once: `a string or a list`. A choice that the value came further in says more than its type. */
function unionWords({ errors, options = [] }: UnionIssue): string {
  if (options.length > 0) return options.map((choice) => JSON.stringify(choice)).join(' or ');
  const words = errors.map(([issue]) => `${issue!.message}${placeWords(issue!.path)}`);
  return [...new Set(words)].join(' or ');
}

function placeWords(path: readonly PropertyKey[]): string {
  return path.length === 0 ? '' : ` at ${path.join('.')}`;
}

/** Keys of the object's schema that raised an issue. */
function keysOf(schema: unknown): string[] {
  const { shape } = (schema as z.core.$ZodObject | undefined)?._zod.def ?? {};
  return Object.keys(shape ?? {});
}

/**
 * A value for an error message: numbers and choices as they are, nothing of a text, which may be a secret.
 * @param show for values that hold no secrets
 */
export function foundWords(
  value: unknown,
  issue: z.core.$ZodIssue,
  show?: (value: unknown) => string,
): string {
  if (issue.code === 'unrecognized_keys')
    return `the ${issue.keys.length === 1 ? 'key' : 'keys'} ${issue.keys.map(quoted).join(', ')}`;
  if (issue.code === 'invalid_key') return quoted(issue.path.at(-1));
  if (value === undefined) return 'nothing';
  if (show !== undefined) return show(value);
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'string' && issue.code !== 'invalid_value')
    return value === '' ? 'an empty string' : 'a string';
  if (typeof value === 'object' && value !== null) return 'an object';
  return quoted(value);
}

function quoted(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

/** The value at a path below `value`; undefined where there is none. */
export function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, key) => (inner as Record<PropertyKey, unknown> | undefined | null)?.[key],
    value,
  );
}

const TYPES: Readonly<Record<string, string>> = {
  string: 'a string',
  number: 'a number',
  int: 'an integer',
  boolean: 'true or false',
  array: 'a list',
  tuple: 'a list',
  object: 'an object',
  record: 'an object',
  map: 'an object',
  null: 'null',
  undefined: 'nothing',
  never: 'nothing',
};

const UNITS: Readonly<Record<string, string>> = { string: ' characters', array: ' items' };

function bound(origin: string, words: string, limit: number | bigint): string {
  if (origin === 'string' && words === 'at least' && limit === 1) return 'a string that is not empty';
  return `${words} ${limit}${UNITS[origin] ?? ''}`;
}
