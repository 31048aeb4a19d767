/** Conversations: ShareGPT's `conversations` of `{from, value}`, OpenAI's `messages` of `{role, content}`. */

import { z } from 'zod';
import { InputError } from '../../core/errors.ts';
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
import { requireNoText } from './record-labels.ts';

const LIST_KEYS = ['conversations', 'messages'] as const;
const MESSAGE_KEYS = ['from', 'role', 'value', 'content'] as const;
const KIND = kindOf(
  'a conversation: "conversations" of {from, value}, or "messages" of {role, content}, a user’s first',
);

const ROLES: Readonly<Record<string, 'system' | 'user' | 'assistant'>> = {
  system: 'system',
  ...{ human: 'user', user: 'user' },
  ...{ gpt: 'assistant', assistant: 'assistant', chatgpt: 'assistant', bing: 'assistant', bard: 'assistant' },
};

/** OpenAI's list of parts: read where all of them are texts. */
const parts = z
  .array(z.strictObject({ type: z.literal('text').optional(), text }), {
    error: 'a text, or a list of {type: "text", text}',
  })
  .transform((list) => list.map((part) => part.text).join(''));
const said = z.union([text, parts], { error: 'a text, or a list of {type: "text", text}' }).nullish();
const message = z
  .looseObject({ from: optionalText, role: optionalText, value: optionalText, content: said })
  .refine(({ from, role }) => (from ?? role) != null, { error: 'from or role', path: ['from'] })
  .refine(({ value, content }) => (value ?? content) != null, { error: 'a text', path: ['value'] });
const messages = z.array(message, { error: 'a list of messages' }).min(1, { error: 'at least one message' });
const schema = z.looseObject({
  conversations: messages.optional(),
  messages: messages.optional(),
  system: optionalText,
});

export const conversationRecords: RecordFormat = {
  isOf: (fields) => LIST_KEYS.some((key) => Array.isArray(fields[key])),
  read: (record) => [conversationTask(record)],
};

function conversationTask(record: ObjectRecord): AskedTask {
  const { where, value } = record;
  const key = LIST_KEYS.find((name) => Array.isArray(value[name]))!;
  const read = checkRecord(schema, { where, value: { [key]: value[key], system: value['system'] } }, KIND);
  const spoken = read[key]!.map((one, index) => spokenBy(one, `${where}.${key}[${index}]`));
  const own = spoken[0]?.role === 'system' ? spoken.shift()!.said : undefined;
  requireTurns(spoken, `${where}.${key}`);
  const system = oneText({ system: read.system, message: own }, ['system', 'message'], where);
  return {
    where,
    instruction: spoken[0]!.said,
    input: '',
    output: spoken[1]?.said,
    system: isBlank(system) ? undefined : system,
    turns: Math.ceil(spoken.length / 2),
    rest: without(value, [key, 'system']),
  };
}

interface Spoken {
  readonly role: 'system' | 'user' | 'assistant' | undefined;
  readonly name: string;
  readonly said: string;
}

function spokenBy(one: z.output<typeof message>, where: string): Spoken {
  requireNoText(without(one, MESSAGE_KEYS), where);
  const name = (one.from ?? one.role)!;
  return { role: ROLES[name], name, said: oneText(one, ['value', 'content'], where)! };
}

/** A user and an assistant, in turns. */
function requireTurns(spoken: readonly Spoken[], where: string): void {
  const expected = (index: number) => (index % 2 === 0 ? 'user' : 'assistant');
  const index = spoken.findIndex(({ role }, place) => role !== expected(place));
  if (index === -1 && spoken.length > 0) return;
  throw new InputError({
    code: 'bad-instructions',
    where,
    expected: 'messages of a user and an assistant in turns, after a system text or none',
    found:
      index === -1
        ? 'no message of a user'
        : `${JSON.stringify(spoken[index]!.name)} where the ${expected(index)} speaks`,
    fix: 'Remove the record or the message.',
  });
}
