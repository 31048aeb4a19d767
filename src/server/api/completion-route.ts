import { randomUUID } from 'node:crypto';
import type { Context } from 'hono';
import { promptText } from '../../data/prompt-parts.ts';
import { truncatePrompt } from '../../data/truncate-prompt.ts';
import { depthsOf, endOf, usageOf } from '../answer/choice.ts';
import type { CompletionHead, ReadPrompt } from '../answer/completion-parts.ts';
import { completionLogprobs } from '../answer/logprobs.ts';
import type { Answered } from '../lane/asked.ts';
import { askedPrompt } from '../request/asked-prompt.ts';
import { type AskedText, type CompletionRequest, completionRequest } from '../request/completion-request.ts';
import { readRequest } from '../request/read-request.ts';
import type { Serving } from '../request/serving.ts';
import { findSubModel, type SubModel } from '../served-models.ts';
import { cutAtStop } from '../text/stop-text.ts';
import { streamCompletion } from './stream-completion.ts';

/** `POST /v1/completions` */
export async function completionRoute(context: Context, serving: Serving): Promise<Response> {
  const request = await readRequest(context, completionRequest);
  const subModel = findSubModel(serving.models, request.model);
  const prompts = request.prompts.map((prompt) => readPrompt(subModel, prompt, request.max_tokens));
  const asked = prompts.map(({ ids }) =>
    askedPrompt(serving, subModel, ids, request, wantedOf(subModel, request)),
  );
  serving.pool.requireRoom(asked.length);
  const head: CompletionHead = {
    id: `cmpl-${randomUUID()}`,
    object: 'text_completion',
    created: Math.floor(Date.now() / 1000),
    model: request.model,
    system_fingerprint: subModel.model.fingerprint,
  };
  if (request.stream) return streamCompletion(context, { serving, subModel, request, prompts, asked, head });
  const { signal } = context.req.raw;
  const answers = await Promise.all(asked.map((prompt) => serving.pool.ask(prompt, { signal }).answer));
  const choices = answers.map((answer, index) => choiceOf(subModel, request, prompts[index]!, answer, index));
  return context.json({
    ...head,
    choices,
    usage: usageOf(
      prompts.map(({ ids }) => ids),
      answers,
    ),
  });
}

/** Of parts, as much as leaves room for the response. */
function readPrompt({ model }: SubModel, prompt: AskedText, maxNewTokens: number): ReadPrompt {
  const { tokenizer, manifest } = model;
  if (typeof prompt === 'string') return { text: prompt, ids: tokenizer.encode(prompt) };
  if (Array.isArray(prompt)) return { text: tokenizer.decode(prompt), ids: prompt };
  const room = manifest.architecture.contextLength - maxNewTokens;
  const text = promptText(prompt);
  const { ids, truncatedTokens } = truncatePrompt(tokenizer, { text, parts: prompt }, room);
  if (truncatedTokens === 0) return { text, ids };
  return { text: tokenizer.decode(ids), ids, truncatedTokens };
}

function wantedOf({ model }: SubModel, { max_tokens, logprobs, echo = false }: CompletionRequest) {
  return { maxNewTokens: max_tokens, eosTokenIds: model.manifest.eosTokenIds, logprobs, echoes: echo };
}

function choiceOf(
  { model }: SubModel,
  request: CompletionRequest,
  prompt: ReadPrompt,
  answer: Answered,
  index: number,
) {
  const text = cutAtStop(model.tokenizer.decode(answer.tokenIds), request.stop);
  return {
    index,
    text: request.echo ? prompt.text + text : text,
    logprobs: request.logprobs === undefined ? null : logprobsOf(model.tokenizer, request, prompt, answer),
    ...endOf(answer),
    ...(request.return_token_ids && { prompt_token_ids: prompt.ids, token_ids: answer.tokenIds }),
    ...(prompt.truncatedTokens && { truncated_tokens: prompt.truncatedTokens }),
    ...depthsOf(answer),
  };
}

function logprobsOf(
  tokenizer: SubModel['model']['tokenizer'],
  { echo }: CompletionRequest,
  { ids }: ReadPrompt,
  { tokenIds, logprobs = [], promptLogprobs = [] }: Answered,
) {
  if (!echo) return completionLogprobs(tokenizer, ids, tokenIds, logprobs);
  return completionLogprobs(tokenizer, [], [...ids, ...tokenIds], [null, ...promptLogprobs, ...logprobs]);
}
