/** Questions of FastChat: Vicuna's with one `text`, MT-Bench's with `turns` and, for some, a `reference` for each turn. */

import { z } from 'zod';
import { checkRecord } from '../read-records.ts';
import { type AskedTask, kindOf, optionalText, type RecordFormat, text, without } from './record-format.ts';

const TURNS = kindOf('a question: question_id and "turns", a list of texts');
const TEXT = kindOf('a question: question_id and "text"');

/** Arena-hard's turns are objects. */
const turn = z.union([text, z.strictObject({ content: text }).transform(({ content }) => content)], {
  error: 'a text',
});
const turnsSchema = z.looseObject({
  turns: z.array(turn).min(1, { error: 'at least one turn' }),
  reference: z.union([z.array(optionalText), optionalText], { error: 'a text for each turn' }),
});
const textSchema = z.looseObject({ text });

export const turnRecords: RecordFormat = {
  isOf: (fields) => Array.isArray(fields['turns']),
  read(record): AskedTask[] {
    const { turns, reference } = checkRecord(turnsSchema, record, TURNS);
    const output = (Array.isArray(reference) ? reference[0] : reference) ?? undefined;
    const rest = without(record.value, ['turns', 'reference']);
    return [{ where: record.where, instruction: turns[0]!, input: '', output, turns: turns.length, rest }];
  },
};

export const questionRecords: RecordFormat = {
  isOf: (fields) => 'text' in fields && 'question_id' in fields && !('instruction' in fields),
  read(record): AskedTask[] {
    const { text: instruction } = checkRecord(textSchema, record, TEXT);
    return [{ where: record.where, instruction, input: '', turns: 1, rest: without(record.value, ['text']) }];
  },
};
