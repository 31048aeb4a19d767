import type { Context } from 'hono';
import { endOf, usageOf } from '../answer/choice.ts';
import type { CompletionHead, ReadPrompt } from '../answer/completion-parts.ts';
import { completionLogprobs } from '../answer/logprobs.ts';
import { sendEvents } from '../answer/server-sent.ts';
import { askForTokens, type TokenEvent } from '../answer/token-events.ts';
import type { Answered, AskedPrompt } from '../lane/asked.ts';
import type { CompletionRequest } from '../request/completion-request.ts';
import type { Serving } from '../request/serving.ts';
import type { SubModel } from '../served-models.ts';
import { GrowingText } from '../text/growing-text.ts';

interface Streamed {
  readonly serving: Serving;
  readonly subModel: SubModel;
  readonly request: CompletionRequest;
  readonly prompts: readonly ReadPrompt[];
  readonly asked: readonly AskedPrompt[];
  readonly head: CompletionHead;
}

/** An answer of `/completions` as server-sent events. */
export function streamCompletion(context: Context, streamed: Streamed): Promise<Response> {
  const { serving, asked } = streamed;
  const { pending, events } = askForTokens(serving.pool, asked, context.req.raw.signal);
  return sendEvents(context, pending, chunks(streamed, events));
}

async function* chunks(
  { subModel, request, prompts, head }: Streamed,
  events: AsyncIterable<TokenEvent>,
): AsyncGenerator<object> {
  const { tokenizer } = subModel.model;
  const growing = prompts.map(() => new GrowingText(tokenizer.decode, request.stop));
  const before = prompts.map(({ ids }) => [...ids]);
  const offsets = prompts.map(() => 0);
  const answers: Answered[] = [];
  for await (const { index, tokens, answer } of events) {
    const text = answer ? growing[index]!.end(tokens.tokenIds) : growing[index]!.add(tokens.tokenIds);
    const { tokenIds, logprobs } = tokens;
    const scores =
      logprobs && completionLogprobs(tokenizer, before[index]!, tokenIds, logprobs, offsets[index]);
    const isFirst = before[index]!.length === prompts[index]!.ids.length;
    const ids = { ...(isFirst && { prompt_token_ids: prompts[index]!.ids }), token_ids: tokenIds };
    before[index]!.push(...tokenIds);
    offsets[index]! += text.length;
    if (answer) answers.push(answer);
    const end = answer ? endOf(answer) : { finish_reason: null };
    const choice = { index, text, logprobs: scores ?? null, ...end, ...(request.return_token_ids && ids) };
    yield { ...head, choices: [choice] };
  }
  if (!request.stream_options?.include_usage) return;
  yield {
    ...head,
    choices: [],
    usage: usageOf(
      prompts.map(({ ids }) => ids),
      answers,
    ),
  };
}
