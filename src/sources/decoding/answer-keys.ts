/** How answers are decoded: keys of `generation` in the sweep file, and of a model that runs in this process. */
import { z } from 'zod';
import {
  ANSWER_STRATEGIES,
  type AnswerDecoding,
  type AnswerDecodingOptions,
  answerDecoding,
  BEAM_RULES,
  isPlainGreedy,
} from '../../core/decoding/answer-decoding.ts';
import { InputError } from '../../core/errors.ts';
import type { JsonValue } from '../../core/json.ts';

export const answerKeys = {
  decoding: z
    .enum(ANSWER_STRATEGIES)
    .default('greedy')
    .describe(
      'How answers are written: `greedy` takes the most likely token, as the paper does; `beams` is PandaLM’s own way (4 beams, `repetitionPenalty: 1.2`, `maxNewTokens: 300`), for models in this process and of a server that lists `beams`.',
    ),
  numBeams: z.int().min(2).optional().describe('Beams of `beams`. Default: 4.'),
  beamRule: z
    .enum(BEAM_RULES)
    .optional()
    .describe(
      'How `beams` ranks finished texts: as the transformers that PandaLM pins, or as later versions. Default: `transformers-4.28`.',
    ),
  repetitionPenalty: z
    .number()
    .positive()
    .default(1)
    .describe(
      'Penalty on every token of the prompt and the answer, as in transformers; 1 is none. A server gets it as `repetition_penalty`.',
    ),
};

/** For a schema with these keys: what is there for beams alone needs beams. */
export const needsBeams = [
  ({ decoding, numBeams, beamRule }: AnswerDecodingOptions) =>
    decoding === 'beams' || (numBeams === undefined && beamRule === undefined),
  { error: '`decoding: beams` beside numBeams or beamRule' },
] as const;

/** What is part of the content key of an answer. */
export function decodingSettings(decoding: AnswerDecoding): { readonly [key: string]: JsonValue } {
  if (isPlainGreedy(decoding)) return { strategy: 'greedy' };
  if (decoding.strategy === 'greedy') return { ...decoding };
  const { rule: beamRule, ...beams } = decoding;
  return { ...beams, beamRule };
}

/**
 * For a source that answers in its own way.
 * @param expected what it can do
 * @throws InputError `bad-config`
 */
export function refuseDecoding(
  name: string,
  expected: string,
  options: AnswerDecodingOptions,
  fix: string,
): never {
  const { strategy, repetitionPenalty } = answerDecoding(options);
  throw new InputError({
    code: 'bad-config',
    where: `models.${name}`,
    expected,
    found:
      strategy === 'beams'
        ? 'generation.decoding: beams'
        : `generation.repetitionPenalty: ${repetitionPenalty}`,
    fix,
  });
}
