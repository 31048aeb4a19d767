import { z } from 'zod';
import { flag, only, sharedKeys, tokenCount, topCount } from './read-request.ts';

const tokenId = z.int().nonnegative();
const PROMPT = 'a text, a list of token ids, or a list of these';

/** OpenAI's default. */
const DEFAULT_MAX_TOKENS = 16;

export const completionRequest = z
  .strictObject({
    ...sharedKeys,
    prompt: z
      .union(
        [z.string(), z.array(z.string()).min(1), z.array(tokenId).min(1), z.array(z.array(tokenId)).min(1)],
        {
          error: PROMPT,
        },
      )
      .transform(listOfPrompts),
    max_tokens: tokenCount(0).transform((given) => given ?? DEFAULT_MAX_TOKENS),
    logprobs: topCount,
    echo: flag,
    best_of: only(1),
    suffix: only(''),
  })
  .refine(({ stream, echo }) => !(stream && echo), {
    error: 'false where `stream` is true (an echo is not streamed)',
    path: ['echo'],
  })
  .refine(({ stream, max_tokens }) => !(stream && max_tokens === 0), {
    error: '1 or more where `stream` is true',
    path: ['max_tokens'],
  });

export type CompletionRequest = z.output<typeof completionRequest>;

function listOfPrompts(prompt: string | string[] | number[] | number[][]): (string | number[])[] {
  if (typeof prompt === 'string') return [prompt];
  return isIds(prompt) ? [prompt] : prompt;
}

function isIds(prompt: string[] | number[] | number[][]): prompt is number[] {
  return typeof prompt[0] === 'number';
}
