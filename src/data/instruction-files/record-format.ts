/** What a format of instruction files makes of a record, and what formats share. */

import { z } from 'zod';
import { InputError } from '../../core/errors.ts';
import { strip } from '../../core/text/strip.ts';
import type { RawRecord, RecordKind } from '../read-records.ts';

/** What a record asks; several where it has several instances. */
export interface AskedTask {
  /** Place of the record, or of the instance in it. */
  readonly where: string;
  readonly instruction: string;
  /** `''`: none. */
  readonly input: string;
  /** As it stands in the record; blank ones are no known answer. */
  readonly output?: string | undefined;
  readonly system?: string | undefined;
  /** Of the conversation; its first is what is read. */
  readonly turns: number;
  /** What the format does not read: labels, or content that must not be lost. */
  readonly rest: Fields;
}

export type Fields = Readonly<Record<string, unknown>>;

/** A record that is an object. */
export interface ObjectRecord extends RawRecord {
  readonly value: Fields;
}

export interface RecordFormat {
  /** True if a record has the keys by which the format is told. */
  isOf(fields: Fields): boolean;
  /** @throws InputError `bad-instructions` naming record and key */
  read(record: ObjectRecord): AskedTask[];
}

/** Words of errors about a record of a format. */
export function kindOf(record: string): RecordKind {
  return { code: 'bad-instructions', record };
}

export const text = z.string({ error: 'a text' });
export const optionalText = text.nullish();

export const isBlank = (value: string | null | undefined) => strip(value ?? '') === '';

/** The fields without those of these names. */
export function without(fields: Fields, keys: readonly string[]): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([key]) => !keys.includes(key)));
}

/**
 * The text of the first of `keys` that has one, else what stands there. Foreign formats have other names for one thing.
 * @throws InputError where two of them have texts
 */
export function oneText<Key extends string>(
  fields: { readonly [Name in Key]?: string | null | undefined },
  keys: readonly Key[],
  where: string,
): string | undefined {
  const [key, second] = keys.filter((name) => !isBlank(fields[name]));
  if (second !== undefined) throw twoTexts(where, key!, second);
  return (
    (key === undefined ? keys.map((name) => fields[name]).find((value) => value != null) : fields[key]) ??
    undefined
  );
}

function twoTexts(where: string, first: string, second: string): InputError {
  return new InputError({
    code: 'bad-instructions',
    where: `${where}.${second}`,
    expected: `one of ${first} and ${second}`,
    found: 'a text in both',
    fix: `Remove one, or leave one out with \`records: { ignoreKeys: [${second}] }\`.`,
  });
}
