/** The content of a chat message: a text, or parts of several kinds, as newer servers send. */

import { z } from 'zod';

/** What a message says; null: nothing. */
export interface Content {
  readonly text: string | null;
  readonly refusal?: string | undefined;
  /** Of parts that are no answer. */
  readonly thoughts?: string | undefined;
}

const words = z.string().optional().catch(undefined);
const part = z.looseObject({ type: z.string().optional(), text: words, refusal: words });
type Part = z.output<typeof part>;

export const contentSchema = z
  .union([z.string(), z.array(part)], { error: 'a text, a list of parts or null' })
  .nullish()
  .transform((content): Content => (Array.isArray(content) ? ofParts(content) : { text: content ?? null }));

/** Mistral's `{type: 'thinking', thinking: [{type: 'text', text}]}`, and others' `reasoning` with a text. */
function ofParts(parts: readonly Part[]): Content {
  const [thinking, other] = [parts.filter(isThinking), parts.filter((one) => !isThinking(one))];
  return {
    text: joined(other.map(({ text }) => text)),
    refusal: joined(other.map(({ refusal }) => refusal)) ?? undefined,
    thoughts: joined(thinking.map(({ type, text, ...rest }) => text ?? textIn(rest[type!]))) ?? undefined,
  };
}

function isThinking({ type = '' }: Part): boolean {
  return /^(thinking|thought|reasoning)/.test(type);
}

function textIn(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  const { success, data } = z.array(part).safeParse(value);
  return success ? (joined(data.map(({ text }) => text)) ?? undefined) : undefined;
}

function joined(texts: readonly (string | undefined)[]): string | null {
  const known = texts.filter((text) => text !== undefined);
  return known.length === 0 ? null : known.join('');
}
