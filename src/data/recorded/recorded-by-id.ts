/**
 * Reads answers to prompts that `sorted-eval prompts` wrote, by their ids: plain lines `{id, text}`, and OpenAI's batch output
 * (`custom_id`, `response`, `error`), which vLLM's `run_batch` writes too.
 */

import { z } from 'zod';
import { contentSchema } from '../answers/content-parts.ts';
import { checkRecord, type RawRecord, type RecordKind } from '../read-records.ts';

/** What came back for a prompt: what the judge wrote, or why there is nothing. */
export type AnswerById = { readonly id: string; readonly where: string } & (
  | { readonly rawText: string }
  | { readonly error: string }
);

const KIND: RecordKind = {
  code: 'bad-schema',
  record: 'an answer by id: id (or custom_id) and text; or a line of OpenAI’s batch output',
};

const text = z.string({ error: 'a text' });
const plainSchema = z.looseObject({ id: text.optional(), custom_id: text.optional(), text });
const choice = z.looseObject({
  text: text.nullish(),
  message: z.looseObject({ content: contentSchema }).nullish(),
});
const batchSchema = z.looseObject({
  custom_id: text,
  error: z.unknown().optional(),
  response: z
    .looseObject({
      status_code: z.int().nullish(),
      body: z.looseObject({ choices: z.array(choice).optional(), error: z.unknown().optional() }).nullish(),
    })
    .nullish(),
});
type BatchLine = z.output<typeof batchSchema>;

/** Whether a record names a prompt by an id, and not by its texts. */
export function isById({ value }: RawRecord): boolean {
  const keys = Object(value) as object;
  return 'custom_id' in keys || ('id' in keys && 'text' in keys);
}

/** @throws InputError `bad-schema` */
export function readAnswerById(record: RawRecord): AnswerById {
  const { where } = record;
  if (!('response' in Object(record.value)) && !('error' in Object(record.value))) {
    const { id, custom_id, text } = checkRecord(plainSchema, record, KIND);
    return { id: (custom_id ?? id)!, where, rawText: text };
  }
  const line = checkRecord(batchSchema, record, KIND);
  return { id: line.custom_id, where, ...answerOf(line) };
}

function answerOf({ response, error }: BatchLine): { rawText: string } | { error: string } {
  const [first] = response?.body?.choices ?? [];
  const found = first?.message?.content.text ?? first?.text;
  const failed = error ?? response?.body?.error;
  if (failed == null && isSuccess(response?.status_code) && found != null) return { rawText: found };
  const status = isSuccess(response?.status_code) ? '' : `HTTP ${response?.status_code}: `;
  return { error: `the batch has no answer: ${status}${failed == null ? 'no text' : words(failed)}` };
}

function isSuccess(status: number | null | undefined): boolean {
  return status == null || (status >= 200 && status < 300);
}

/** The server's own, shortened. */
function words(error: unknown): string {
  const { message } = Object(error) as { message?: unknown };
  const text = typeof message === 'string' ? message : JSON.stringify(error);
  return text.replace(/\s+/g, ' ').slice(0, 200);
}
