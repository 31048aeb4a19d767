import { z } from 'zod';
import { flag, only, sharedKeys, tokenCount, topCount } from './read-request.ts';

const tokenId = z.int().nonnegative();
const PROMPT = 'a text, a list of token ids, or a list of these';

const MAX_REMOVED = 64;

/** `PromptParts`, as a client sends it. */
const promptParts = z.strictObject({
  fixed: z.tuple([z.string(), z.string(), z.string()]),
  shortenable: z.tuple([z.string(), z.string()]),
  removed: z.array(z.string().min(1).max(100)).max(MAX_REMOVED).default([]),
});

/** OpenAI's default. */
const DEFAULT_MAX_TOKENS = 16;

export const completionRequest = z
  .strictObject({
    ...sharedKeys,
    prompt: z
      .union(
        [z.string(), z.array(z.string()).min(1), z.array(tokenId).min(1), z.array(z.array(tokenId)).min(1)],
        { error: PROMPT },
      )
      .nullish(),
    prompt_parts: promptParts.nullish(),
    max_tokens: tokenCount(0).transform((given) => given ?? DEFAULT_MAX_TOKENS),
    logprobs: topCount,
    echo: flag,
    stop_after_first_line: flag,
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
  })
  .refine(({ prompt, prompt_parts: parts }) => parts || prompt, { error: PROMPT, path: ['prompt'] })
  .refine(({ prompt, prompt_parts: parts }) => !(parts && prompt), {
    error: 'it or `prompt`, not both',
    path: ['prompt_parts'],
  })
  .refine(({ stream, prompt_parts: parts }) => !(parts && stream), {
    error: 'no `stream` beside it',
    path: ['prompt_parts'],
  })
  .transform(({ prompt, prompt_parts: parts, ...request }) => ({
    ...request,
    prompts: parts ? [parts] : listOfPrompts(prompt!),
  }));

export type CompletionRequest = z.output<typeof completionRequest>;

export type AskedText = string | number[] | z.output<typeof promptParts>;

function listOfPrompts(prompt: string | string[] | number[] | number[][]): AskedText[] {
  if (typeof prompt === 'string') return [prompt];
  return isIds(prompt) ? [prompt] : prompt;
}

function isIds(prompt: string[] | number[] | number[][]): prompt is number[] {
  return typeof prompt[0] === 'number';
}
