/** What a format does not read of a record: labels are kept, other texts are refused by name. */

import { InputError } from '../../core/errors.ts';
import type { JsonValue } from '../../core/json.ts';
import { KNOWN_LABELS } from './known-labels.ts';
import { type Fields, isBlank, without } from './record-format.ts';

export interface RecordLabels {
  /** Family of tasks: `category`, else `motivation_app`. */
  readonly category?: string;
  /** All else. */
  readonly metadata?: Readonly<Record<string, JsonValue>>;
}

/** @throws InputError `bad-instructions` for an unknown key that holds a text */
export function labelsOf(rest: Fields, where: string): RecordLabels {
  requireNoText(without(rest, KNOWN_LABELS), where);
  const key = ['category', 'motivation_app'].find((name) => isText(rest[name]));
  const kept = Object.entries(rest).filter(([name, value]) => name !== key && isSaid(value));
  return {
    ...(key === undefined ? {} : { category: rest[key] as string }),
    ...(kept.length === 0 ? {} : { metadata: Object.fromEntries(kept) as Record<string, JsonValue> }),
  };
}

/** Numbers, flags and nothing are no content. @throws InputError `bad-instructions` */
export function requireNoText(fields: Fields, where: string): void {
  const [key] = keysWithText(fields);
  if (key === undefined) return;
  throw new InputError({
    code: 'bad-instructions',
    where: `${where}.${key}`,
    expected: 'keys that a format of docs/instruction-files.md reads, or known labels',
    found: `a text under ${JSON.stringify(key)}`,
    fix: `Leave it out with \`records: { ignoreKeys: [${key}] }\` in the sweep file, or say what it holds with \`records: { columns: … }\`.`,
  });
}

/** Keys under which a text stands, at any depth. */
export function keysWithText(fields: Fields): string[] {
  return Object.keys(fields).filter((name) => holdsText(fields[name]));
}

const isText = (value: unknown) => typeof value === 'string' && value !== '';
const isSaid = (value: unknown) => value !== null && value !== '';

function holdsText(value: unknown): boolean {
  if (typeof value === 'string') return !isBlank(value);
  return typeof value === 'object' && value !== null && Object.values(value).some(holdsText);
}
