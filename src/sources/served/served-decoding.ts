/** How a server of docs/server-api.md is asked to decode, and what its answers hold. */

import type { z } from 'zod';
import type { BeamDecoding } from '../../core/decoding/answer-decoding.ts';
import type { COMPLETION } from './server-api.ts';

/** @param beams undefined: greedy */
export function decodingBody(beams: Omit<BeamDecoding, 'strategy'> | undefined) {
  if (!beams) return { temperature: 0 };
  const { numBeams, repetitionPenalty, rule } = beams;
  return { temperature: 0, num_beams: numBeams, repetition_penalty: repetitionPenalty, beam_rule: rule };
}

export function responseIn(
  { choices: [choice], usage }: z.output<typeof COMPLETION.schema>,
  durationMs: number,
) {
  return {
    text: choice.text,
    tokenIds: choice.token_ids,
    stopReason: choice.stop_reason,
    promptTokens: usage.prompt_tokens,
    generatedTokens: usage.completion_tokens,
    durationMs,
  };
}
