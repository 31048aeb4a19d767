import { InputError } from '../../core/errors.ts';
import { describeValue, type RawRecord } from '../read-records.ts';
import { conversationRecords } from './conversation.ts';
import { instructionRecords } from './instruction-record.ts';
import { questionRecords, turnRecords } from './question-record.ts';
import { type AskedTask, kindOf, type ObjectRecord, type RecordFormat } from './record-format.ts';
import { selfInstructRecords } from './self-instruct.ts';

/** The first that a record is of reads it; a new format is a file and an entry. */
const FORMATS: readonly RecordFormat[] = [
  conversationRecords,
  turnRecords,
  selfInstructRecords,
  questionRecords,
  instructionRecords,
];

/** Of records whose format is not yet known. */
export const INSTRUCTION_RECORD = kindOf('an object of a format in docs/instruction-files.md');

/** @throws InputError `bad-instructions` */
export function requireObject({ where, value }: RawRecord): ObjectRecord {
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return { where, value: value as ObjectRecord['value'] };
  throw new InputError({
    code: 'bad-instructions',
    where,
    expected: 'a record: an object',
    found: describeValue(value),
    fix: `Each record must be ${INSTRUCTION_RECORD.record}.`,
  });
}

/** @throws InputError `bad-instructions` naming record and key */
export function readTasks(record: ObjectRecord): AskedTask[] {
  const format = FORMATS.find(({ isOf }) => isOf(record.value));
  if (format === undefined) throw ofNoFormat(record);
  return format.read(record);
}

function ofNoFormat({ where, value }: ObjectRecord): InputError {
  const keys = Object.keys(value);
  return new InputError({
    code: 'bad-instructions',
    where: `${where}.instruction`,
    expected: 'a text, or the keys of another format in docs/instruction-files.md',
    found: keys.length === 0 ? 'no key' : `the keys ${keys.slice(0, 12).join(', ')}`,
    fix: 'Rename the keys, or say what they hold with `records: { columns: … }` in the sweep file.',
  });
}
