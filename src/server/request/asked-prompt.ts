import { randomInt } from 'node:crypto';
import type { DynamicSettings } from '../../engine/dynamic/generate-any.ts';
import { badRequest } from '../api-error.ts';
import type { AskedPrompt, Sampling } from '../lane/asked.ts';
import type { SubModel } from '../served-models.ts';
import type { SharedRequest } from './read-request.ts';
import type { Serving } from './serving.ts';

/** What the two ways to ask differ in. */
export interface Wanted {
  readonly maxNewTokens: number;
  readonly eosTokenIds: readonly number[];
  readonly logprobs: number | undefined;
  readonly echoes: boolean;
}

/**
 * A prompt for the lanes.
 * @throws ApiError 400 for ids beyond the vocabulary, a prompt beyond the context, what a depth that is chosen token by token cannot do
 */
export function askedPrompt(
  serving: Serving,
  { model, lane, exit, dynamic }: SubModel,
  ids: readonly number[],
  request: SharedRequest,
  { maxNewTokens, eosTokenIds, logprobs, echoes }: Wanted,
): AskedPrompt {
  const { contextLength, vocabSize } = model.manifest.architecture;
  requireTokens(ids, vocabSize);
  requireRoom(ids.length, maxNewTokens, contextLength, serving.maxPromptTokens);
  const sampling = samplingOf(request);
  if (dynamic && (sampling || logprobs !== undefined)) throw needsExit(dynamic);
  return {
    ...{ lane, ids, exit, maxNewTokens, eosTokenIds, stop: request.stop, sampling, logprobs, echoes },
    endsAtFirstLine: request.stop_after_first_line,
    streams: request.stream === true,
  };
}

function requireTokens(ids: readonly number[], vocabSize: number): void {
  if (ids.length === 0) throw badRequest('prompt: expected at least one token, found none', 'prompt');
  const wrong = ids.find((id) => id >= vocabSize);
  if (wrong === undefined) return;
  throw badRequest(`prompt: expected token ids from 0 to ${vocabSize - 1}, found ${wrong}`, 'prompt');
}

/** A prompt that is only read may fill the context. */
function requireRoom(tokens: number, maxNewTokens: number, contextLength: number, limit: number): void {
  const room = Math.min(maxNewTokens === 0 ? contextLength : contextLength - 1, limit);
  if (tokens <= room) return;
  const message = `prompt: expected at most ${room} tokens (context length ${contextLength}), found ${tokens}`;
  throw badRequest(message, 'prompt', 'context_length_exceeded');
}

/** Without a temperature the most likely tokens are taken: answers are to be the same tomorrow. */
function samplingOf({
  temperature = 0,
  top_p: topP = 1,
  seed = randomInt(2 ** 32),
}: SharedRequest): Sampling | undefined {
  return temperature === 0 ? undefined : { temperature, topP, seed };
}

function needsExit({ adaptive }: DynamicSettings) {
  const where = adaptive ? 'at adaptive depth' : 'in speculative decoding';
  const message = `model: expected temperature 0 and no logprobs ${where}; name an exit for them`;
  return badRequest(message, 'model');
}
