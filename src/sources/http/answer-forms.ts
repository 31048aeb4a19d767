/** The two forms of an answer, of `/completions` and `/chat/completions`, and what becomes of each. */

import { z } from 'zod';
import type { Known } from '../../core/domain.ts';
import type { CameBack } from '../../data/answers/answer-of.ts';
import { contentSchema } from '../../data/answers/content-parts.ts';
import { endingOf, finishText } from './finish.ts';

/** What a server's answer holds. */
export type ServerAnswer = CameBack & Omit<Known, 'durationMs'>;

/** A choice of an answer, in the terms of both forms. */
interface Choice {
  readonly text: string | null;
  readonly refusal?: string | undefined;
  readonly thoughts?: string | undefined;
  /** The model called tools, which nobody here runs. */
  readonly hasToolCalls?: boolean;
  readonly finish_reason?: unknown;
}

const count = z.int().nonnegative().nullish().catch(null);
const usage = z
  .looseObject({
    prompt_tokens: count,
    completion_tokens: count,
    completion_tokens_details: z.looseObject({ reasoning_tokens: count }).nullish().catch(null),
  })
  .nullish()
  .catch(null);
type Usage = z.output<typeof usage>;

const words = z.string().optional().catch(undefined);
const completionChoice = z.looseObject({
  text: z.string({ error: 'a text or null' }).nullable(),
  finish_reason: z.unknown().optional(),
});
const chatChoice = z
  .looseObject({
    message: z.looseObject({
      content: contentSchema,
      refusal: words,
      reasoning_content: words,
      reasoning: words,
      tool_calls: z.array(z.unknown()).optional().catch(undefined),
    }),
    finish_reason: z.unknown().optional(),
  })
  .transform(({ message, finish_reason }): Choice => {
    const { content, refusal, reasoning_content, reasoning, tool_calls = [] } = message;
    return {
      text: content.text,
      refusal: refusal || content.refusal,
      thoughts: reasoning_content || reasoning || content.thoughts,
      hasToolCalls: tool_calls.length > 0,
      finish_reason,
    };
  });

export const FORMS = {
  completions: { path: '/completions', schema: formOf(completionChoice) },
  chat: { path: '/chat/completions', schema: formOf(chatChoice) },
} as const;

/** The first choice is the best one where a server returns all beams. */
function formOf(choice: z.ZodType<Choice>) {
  return z
    .looseObject({ choices: z.tuple([choice], { error: 'at least one choice' }).rest(z.unknown()), usage })
    .transform(({ choices: [first], usage: used }, context): ServerAnswer => {
      const answer = answerIn(first, used);
      if (answer) return answer;
      const message = 'an answer that the server did not break off';
      context.addIssue({ code: 'custom', path: ['choices', 0, 'finish_reason'], message });
      return z.NEVER;
    });
}

/** Undefined: the server broke it off. */
function answerIn(choice: Choice, used: Usage): ServerAnswer | undefined {
  const { text, refusal, thoughts, hasToolCalls = false, finish_reason } = choice;
  const ending = endingOf(finish_reason);
  if (ending.kind === 'broken-off') return undefined;
  const stopReason = ending.kind === 'refused' ? null : ending.stopReason;
  const isRefused = ending.kind === 'refused' || refusal !== undefined;
  const hasThought = Boolean(thoughts) || (used?.completion_tokens_details?.reasoning_tokens ?? 0) > 0;
  const isCut = stopReason === 'token-limit';
  const state = isRefused ? 'refused' : stateOf({ text, hasThought, isCut, hasToolCalls });
  return {
    ...{ state, text, aside: refusal, thoughts },
    stopReason,
    finishReason: finishText(finish_reason),
    promptTokens: used?.prompt_tokens ?? null,
    generatedTokens: used?.completion_tokens ?? null,
  };
}

/**
 * Thoughts without a text after them: either they did not end, or the server took the answer for a part of them. A call of tools
 * is no answer, and nothing that reached the limit of tokens is not an empty one.
 */
function stateOf(one: Pick<Choice, 'text'> & Record<'hasThought' | 'isCut' | 'hasToolCalls', boolean>) {
  const { text, hasThought, isCut, hasToolCalls } = one;
  if (text || (text === '' && !hasThought && !isCut && !hasToolCalls)) return 'answered';
  return hasThought && isCut ? 'cut_in_reasoning' : 'no_content';
}
