/**
 * self-instruct's tasks: an instruction with `instances` of input and output, each an instruction of its own. Hugging Face's
 * data viewer writes them as columns, `{input: […], output: […]}`.
 */

import { z } from 'zod';
import { checkRecord, type RawRecord } from '../read-records.ts';
import { instructionTask } from './instruction-record.ts';
import { KNOWN_LABELS } from './known-labels.ts';
import { type AskedTask, type Fields, kindOf, type RecordFormat, without } from './record-format.ts';
import { requireNoText } from './record-labels.ts';

const KIND = kindOf('a task: the text "instruction" and "instances", a list of {input, output}');

const fields = z.record(z.string(), z.unknown(), { error: 'an instance: {input, output}' });
const schema = z.looseObject({
  instances: z
    .union([z.array(fields), z.record(z.string(), z.array(z.unknown()))], { error: 'a list of instances' })
    .transform((value) => (Array.isArray(value) ? value : rowsOf(value)))
    .refine((instances) => instances.length > 0, 'at least one instance'),
});

export const selfInstructRecords: RecordFormat = {
  isOf: (fields) => typeof fields['instances'] === 'object' && fields['instances'] !== null,
  read(record): AskedTask[] {
    const task = without(record.value, ['instances']);
    return checkRecord(schema, record, KIND).instances.map((instance, index) =>
      instructionTask(instanceRecord(record, task, instance, index)),
    );
  },
};

/** An instance's own labels stand before those of its task. */
function instanceRecord({ where: record }: RawRecord, task: Fields, instance: Fields, index: number) {
  const where = `${record}.instances[${index}]`;
  const hidden = Object.fromEntries(Object.entries(task).filter(([key]) => key in instance));
  requireNoText(without(hidden, KNOWN_LABELS), where);
  return { where, value: { ...task, ...instance } };
}

function rowsOf(columns: Readonly<Record<string, readonly unknown[]>>): Fields[] {
  const count = Math.max(0, ...Object.values(columns).map(({ length }) => length));
  return Array.from({ length: count }, (_, index) =>
    Object.fromEntries(Object.entries(columns).map(([key, values]) => [key, values[index]])),
  );
}
