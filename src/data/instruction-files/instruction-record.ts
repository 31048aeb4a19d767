/**
 * Records with a key for each part, of Alpaca and those who followed: alpaca_eval, PandaLM, self-instruct's flat form, Dolly
 * (`context`, `response`) and LlamaFactory (`system`, `history`, and `prompt`, `query`, `response`).
 */

import { z } from 'zod';
import { checkRecord } from '../read-records.ts';
import {
  type AskedTask,
  isBlank,
  kindOf,
  type ObjectRecord,
  oneText,
  optionalText,
  type RecordFormat,
  text,
  without,
} from './record-format.ts';

const KIND = kindOf('an object with the texts "instruction", "input" (optional) and "output" (optional)');

const INSTRUCTION_KEYS = ['instruction', 'prompt'] as const;
const INPUT_KEYS = ['input', 'context', 'query', 'instance_input'] as const;
const OUTPUT_KEYS = ['output', 'response', 'instance_output'] as const;

const turn = z.tuple([text, text], { error: 'a turn: [what the user says, the response]' });
/** These are foreign formats: what other keys hold is looked at later. */
const partsSchema = z.looseObject({
  ...{ instruction: optionalText, prompt: optionalText },
  ...{ input: optionalText, context: optionalText, query: optionalText, instance_input: optionalText },
  ...{ output: optionalText, response: optionalText, instance_output: optionalText },
  system: optionalText,
  history: z.array(turn, { error: 'a list of turns' }).nullish(),
});
/** The one that stands there must be a text. */
const requiredSchemas = [partsSchema.extend({ instruction: text }), partsSchema.extend({ prompt: text })];

export const instructionRecords: RecordFormat = {
  isOf: (fields) => INSTRUCTION_KEYS.some((key) => key in fields),
  read: (record) => [instructionTask(record)],
};

/** Also of an instance that got the instruction of its record. */
export function instructionTask(record: ObjectRecord): AskedTask {
  const { where, value } = record;
  const required = requiredSchemas['instruction' in value ? 0 : 1]!;
  const parts = checkRecord<z.output<typeof partsSchema>>(required, record, KIND);
  const rest = without(value, [...INSTRUCTION_KEYS, ...INPUT_KEYS, ...OUTPUT_KEYS, 'system', 'history']);
  const system = isBlank(parts.system) ? undefined : parts.system!;
  const task = { where, system, turns: 1, rest };
  const [first] = parts.history ?? [];
  if (first)
    return { ...task, instruction: first[0], input: '', output: first[1], turns: parts.history!.length + 1 };
  return {
    ...task,
    instruction: oneText(parts, INSTRUCTION_KEYS, where) ?? '',
    input: oneText(parts, INPUT_KEYS, where) ?? '',
    output: oneText(parts, OUTPUT_KEYS, where),
  };
}
