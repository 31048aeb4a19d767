/** How a server of docs/server-api.md is asked to decode, and what its answers hold. */

import type { z } from 'zod';
import type { BeamDecoding } from '../../core/decoding/answer-decoding.ts';
import type { COMPLETION, ListedModel } from './server-api.ts';

/** @param beams undefined: greedy */
export function decodingBody(beams: Omit<BeamDecoding, 'strategy'> | undefined) {
  if (!beams) return { temperature: 0 };
  const { numBeams, repetitionPenalty, rule } = beams;
  return { temperature: 0, num_beams: numBeams, repetition_penalty: repetitionPenalty, beam_rule: rule };
}

interface Answer {
  readonly body: z.output<typeof COMPLETION.schema>;
  readonly durationMs: number;
}

/** What a model of so many tokens wrote, or why the answer cannot be of this model. */
export function responseIn(
  { vocab_size: vocabulary }: Pick<ListedModel, 'vocab_size'>,
  { body, durationMs }: Answer,
) {
  const { usage, choices } = body;
  const [choice] = choices;
  const wrong = choice.token_ids.find((id) => id >= vocabulary);
  if (wrong !== undefined)
    return { error: `an answer of another form: token id ${wrong} of a model of ${vocabulary} tokens` };
  return {
    text: choice.text,
    tokenIds: choice.token_ids,
    stopReason: choice.stop_reason,
    promptTokens: usage.prompt_tokens,
    generatedTokens: usage.completion_tokens,
    durationMs,
  };
}
