import { randomUUID } from 'node:crypto';
import type { Context } from 'hono';
import { depthsOf, endOf, usageOf } from '../answer/choice.ts';
import { chatLogprobs } from '../answer/logprobs.ts';
import { sendEvents } from '../answer/server-sent.ts';
import { askForTokens, type TokenEvent } from '../answer/token-events.ts';
import type { AskedPrompt } from '../lane/asked.ts';
import { askedPrompt } from '../request/asked-prompt.ts';
import { chatPrompt, endOfTurnIds } from '../request/chat-prompt.ts';
import { type ChatRequest, chatRequest } from '../request/chat-request.ts';
import { readRequest } from '../request/read-request.ts';
import type { Serving } from '../request/serving.ts';
import { findSubModel, type SubModel } from '../served-models.ts';
import { GrowingText } from '../text/growing-text.ts';
import { cutAtStop } from '../text/stop-text.ts';

interface Chat {
  readonly subModel: SubModel;
  readonly request: ChatRequest;
  readonly asked: AskedPrompt;
  /** Of the answer. */
  readonly head: {
    readonly id: string;
    readonly created: number;
    readonly model: string;
    readonly system_fingerprint: string;
  };
}

/** `POST /v1/chat/completions` */
export async function chatRoute(context: Context, serving: Serving): Promise<Response> {
  const request = await readRequest(context, chatRequest);
  const subModel = findSubModel(serving.models, request.model);
  const asked = askFor(serving, subModel, request);
  serving.pool.requireRoom(1);
  const head = {
    id: `chatcmpl-${randomUUID()}`,
    created: Math.floor(Date.now() / 1000),
    model: request.model,
    system_fingerprint: subModel.model.fingerprint,
  };
  const chat = { subModel, request, asked, head };
  return request.stream ? streamChat(context, serving, chat) : answerChat(context, serving, chat);
}

/** Without a limit, an answer may fill the context. */
function askFor(serving: Serving, subModel: SubModel, request: ChatRequest): AskedPrompt {
  const { model } = subModel;
  const ids = chatPrompt(model, request.messages);
  const { contextLength } = model.manifest.architecture;
  const maxNewTokens = request.max_completion_tokens ?? request.max_tokens ?? contextLength;
  const logprobs = request.logprobs ? (request.top_logprobs ?? 0) : undefined;
  const wanted = { maxNewTokens, eosTokenIds: endOfTurnIds(model), logprobs, echoes: false };
  return askedPrompt(serving, subModel, ids, request, wanted);
}

async function answerChat(context: Context, { pool }: Serving, chat: Chat): Promise<Response> {
  const { subModel, request, asked, head } = chat;
  const { tokenizer } = subModel.model;
  const answer = await pool.ask(asked, { signal: context.req.raw.signal }).answer;
  const content = cutAtStop(tokenizer.decode(answer.tokenIds), request.stop);
  const { logprobs, tokenIds } = answer;
  const choice = {
    index: 0,
    message: { role: 'assistant', content, refusal: null },
    logprobs: logprobs ? chatLogprobs(tokenizer, asked.ids, tokenIds, logprobs) : null,
    ...endOf(answer),
    ...(request.return_token_ids && { token_ids: tokenIds }),
    ...depthsOf(answer),
  };
  const promptIds = request.return_token_ids && { prompt_token_ids: asked.ids };
  const usage = usageOf([asked.ids], [answer]);
  return context.json({ ...head, object: 'chat.completion', ...promptIds, choices: [choice], usage });
}

function streamChat(context: Context, { pool }: Serving, chat: Chat): Promise<Response> {
  const { pending, events } = askForTokens(pool, [chat.asked], context.req.raw.signal);
  return sendEvents(context, pending, chatChunks(chat, events));
}

async function* chatChunks(
  { subModel, request, asked, head: start }: Chat,
  events: AsyncIterable<TokenEvent>,
): AsyncGenerator<object> {
  const { tokenizer } = subModel.model;
  const head = { ...start, object: 'chat.completion.chunk' };
  const growing = new GrowingText(tokenizer.decode, request.stop);
  const before = [...asked.ids];
  const first = { index: 0, delta: { role: 'assistant', content: '' }, logprobs: null, finish_reason: null };
  yield { ...head, ...(request.return_token_ids && { prompt_token_ids: asked.ids }), choices: [first] };
  for await (const { tokens, answer } of events) {
    const { tokenIds, logprobs } = tokens;
    const content = answer ? growing.end(tokenIds) : growing.add(tokenIds);
    const choice = {
      index: 0,
      delta: { content },
      logprobs: logprobs ? chatLogprobs(tokenizer, before, tokenIds, logprobs) : null,
      ...(answer ? endOf(answer) : { finish_reason: null }),
      ...(request.return_token_ids && { token_ids: tokenIds }),
    };
    before.push(...tokenIds);
    yield { ...head, choices: [choice] };
    if (answer && request.stream_options?.include_usage)
      yield { ...head, choices: [], usage: usageOf([asked.ids], [answer]) };
  }
}
