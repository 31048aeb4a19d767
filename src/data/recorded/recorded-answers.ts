/**
 * Reads answers that models gave earlier: records `{instruction, input, output}` (alpaca_eval's outputs have no `input`, Dolly's have
 * `context` and `response`; `system` where the instruction has one of its own), with an `exit` where one file holds those of
 * several; `[record, text]`, as PandaLM's candidate_model_inference.py writes them; or a list of texts in the order of the
 * instructions.
 */

import { z } from 'zod';
import { InputError } from '../../core/errors.ts';
import { isBlank } from '../instruction-files/record-format.ts';
import { instructionId } from '../instructions.ts';
import { checkRecord, type RawRecord, type RecordKind, readRecords } from '../read-records.ts';
import { noteUnreadTexts } from '../unread-texts.ts';

/** The instructions that are asked. */
export interface AskedSet {
  /** In the order of their set. */
  readonly ids: readonly string[];
  /** Instructions of the whole set, of which the sweep file's `limit` may take the first. Default: those of `ids`. */
  readonly size?: number | undefined;
}

/** Exit → instruction id → answer. */
export type RecordedAnswers = Map<number, Map<string, string>>;

const KIND: RecordKind = {
  code: 'bad-schema',
  record:
    'an answer: instruction, input (or context, optional), output (or response), and exit where the file is for several',
};

const text = z.string({ error: 'a text' });
const recordSchema = z
  .looseObject({
    instruction: text,
    input: text.nullish(),
    context: text.nullish(),
    system: text.nullish(),
    output: text.optional(),
    response: text.optional(),
    exit: z.int({ error: 'a number of layers' }).positive({ error: 'a number of layers' }).optional(),
  })
  .refine(({ output, response }) => (output === undefined) !== (response === undefined), {
    error: 'output or response, one of the two',
    path: ['output'],
  });

/**
 * The answers of a file.
 * @param exit of all its answers; without it every record says its own
 * @param asked whose order a list of texts has
 * @param note gets a line for texts that are not read
 * @throws InputError as `readRecords` does; `bad-schema`, or `bad-results` where a file answers twice or not in step
 */
export function readRecordedAnswers(
  path: string,
  exit: number | undefined,
  asked: AskedSet,
  note: (text: string) => void = () => {},
): RecordedAnswers {
  const records = readRecords(path, KIND);
  if (records.every(({ value }) => typeof value === 'string')) return fromTexts(path, records, exit, asked);
  const answers: RecordedAnswers = new Map();
  const objects = records.map(asObject);
  noteUnreadTexts(path, objects, Object.keys(recordSchema.shape), note);
  for (const record of objects) {
    const read = checkRecord(recordSchema, record, KIND);
    const { instruction, input, context, system, output, response, exit: own } = read;
    const ofExit = exitOf(record, own, exit);
    const known = answers.get(ofExit) ?? new Map<string, string>();
    const id = instructionId(instruction, input || context || '', isBlank(system) ? undefined : system!);
    const answer = (output ?? response)!;
    if (known.has(id) && known.get(id) !== answer) throw secondAnswer(record);
    answers.set(ofExit, known.set(id, answer));
  }
  return answers;
}

/** A pair of a record and a text is that record with the text. */
function asObject(record: RawRecord): RawRecord {
  if (!Array.isArray(record.value) || record.value.length !== 2) return record;
  const [asked, output] = record.value as unknown[];
  return { ...record, value: { ...Object(asked), output } };
}

function fromTexts(
  path: string,
  records: readonly RawRecord[],
  exit: number | undefined,
  { ids, size = ids.length }: AskedSet,
): RecordedAnswers {
  if (exit === undefined) throw noExit(path);
  if (records.length !== ids.length && records.length !== size)
    throw outOfStep(path, records.length, [...new Set([ids.length, size])]);
  return new Map([[exit, new Map(ids.map((id, index) => [id, records[index]!.value as string]))]]);
}

function exitOf({ where }: RawRecord, own: number | undefined, exit: number | undefined): number {
  if (own === undefined && exit === undefined) throw noExit(where);
  if (own === undefined || exit === undefined || own === exit) return (exit ?? own)!;
  throw new InputError({
    code: 'bad-results',
    where,
    expected: `an answer of exit ${exit}`,
    found: `exit ${own}`,
    fix: 'Name the file for the exit that it is of.',
  });
}

function noExit(where: string): InputError {
  return new InputError({
    code: 'bad-schema',
    where,
    expected: 'an answer that says its exit',
    found: 'none',
    fix: 'Add "exit" to the records, or name a file for each exit: answers: {12: …, 16: …}.',
  });
}

function secondAnswer({ where }: RawRecord): InputError {
  return new InputError({
    code: 'bad-results',
    where,
    expected: 'one answer of an exit to an instruction',
    found: 'another one than before',
    fix: 'Remove one of the two.',
  });
}

function outOfStep(where: string, found: number, expected: readonly number[]): InputError {
  return new InputError({
    code: 'bad-results',
    where,
    expected: `${expected.join(' or ')} texts, one for each instruction in order`,
    found: `${found}`,
    fix: 'Give the answers to this instruction set, or records that name their instruction: {instruction, input, output}.',
  });
}
