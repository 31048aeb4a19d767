import { z } from 'zod';
import { flag, only, sharedKeys, tokenCount, topCount } from './read-request.ts';

const textPart = z.strictObject({ type: z.literal('text'), text: z.string() });
const content = z
  .union([z.string(), z.array(textPart)], {
    error: 'a text, or a list of parts {type: "text", text}',
  })
  .transform((given) => (typeof given === 'string' ? given : given.map(({ text }) => text).join('')));

/** `developer` is OpenAI's newer word for `system`. */
const message = z
  .strictObject({
    role: z.enum(['system', 'developer', 'user', 'assistant']),
    content,
    name: only(''),
    refusal: only(''),
  })
  .transform(({ role, content: text }) => {
    return { role: role === 'developer' ? ('system' as const) : role, content: text };
  });

export const chatRequest = z
  .strictObject({
    ...sharedKeys,
    messages: z.array(message).min(1),
    max_tokens: tokenCount(1),
    max_completion_tokens: tokenCount(1),
    logprobs: flag,
    top_logprobs: topCount,
    tools: z.array(z.never()).nullish(),
    response_format: z.strictObject({ type: z.literal('text') }).nullish(),
  })
  .refine(({ logprobs, top_logprobs }) => logprobs || top_logprobs === undefined, {
    error: '`logprobs: true` beside it',
    path: ['top_logprobs'],
  });

export type ChatRequest = z.output<typeof chatRequest>;
