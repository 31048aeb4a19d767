/** The one place that turns what zod finds into words: `expected …, found …`. */
import type { z } from 'zod';
import { keysHint, nearestHint } from './schema-hints.ts';
import { foundWords, schemaWords, valueAt } from './schema-words.ts';

/** The first thing that is wrong with a value. */
export interface SchemaProblem {
  /** Keys down to it; empty for the value itself. */
  readonly path: readonly PropertyKey[];
  readonly expected: string;
  readonly found: string;
  /** The nearest name, where one was misspelled: a sentence, else nothing. */
  readonly hint: string;
}

export type CheckedValue<T> =
  | { readonly data: T; readonly problem?: undefined }
  | { readonly problem: SchemaProblem };

/**
 * @param show how a value that does not fit is shown; default: nothing of a text, which may be a secret
 */
export function checkValue<S extends z.ZodType>(
  schema: S,
  value: unknown,
  show?: (value: unknown) => string,
): CheckedValue<z.output<S>> {
  const result = schema.safeParse(value, { error: schemaWords });
  if (result.success) return { data: result.data };
  const issue = foremost(result.error.issues, value);
  const { path, message: expected } = issue;
  const wrong = valueAt(value, path);
  return { problem: { path, expected, found: foundWords(wrong, issue, show), hint: hintOf(issue, wrong) } };
}

/** Of a misspelled key that is needed there are two issues; the one that shows what was written tells more. */
function foremost(issues: readonly z.core.$ZodIssue[], value: unknown): z.core.$ZodIssue {
  const [first] = issues;
  if (valueAt(value, first!.path) !== undefined) return first!;
  const parent = first!.path.slice(0, -1).join('.');
  const unknown = issues.find(({ code, path }) => code === 'unrecognized_keys' && path.join('.') === parent);
  return unknown ?? first!;
}

function hintOf(issue: z.core.$ZodIssue, wrong: unknown): string {
  if (issue.code === 'unrecognized_keys') return keysHint(issue.keys);
  if (issue.code === 'invalid_value') return nearestHint(wrong, issue.values);
  return issue.code === 'custom' ? String(issue.params?.['hint'] ?? '') : '';
}
