import { InputError } from '../errors.ts';

export const ANSWER_STRATEGIES = ['greedy', 'beams'] as const;

/** How beams rank finished texts: as in the transformers that PandaLM pins, or as in later ones (`beam-scorer.ts`). */
export const BEAM_RULES = ['transformers-4.28', 'transformers-4.36'] as const;
export type BeamRule = (typeof BEAM_RULES)[number];

/** A beam search, as what it writes depends on it. */
export interface BeamDecoding {
  readonly strategy: 'beams';
  readonly numBeams: number;
  /** 1: none */
  readonly repetitionPenalty: number;
  readonly rule: BeamRule;
}

/** How answers are decoded, as users write it; the same at every exit. */
export interface AnswerDecodingOptions {
  /** `greedy`: always the most likely token, the paper's way and the default; `beams`: PandaLM's own way. */
  readonly decoding?: (typeof ANSWER_STRATEGIES)[number] | undefined;
  /** Of `beams`, 2 or more. Default: 4. */
  readonly numBeams?: number | undefined;
  /** Of `beams`: how finished texts are ranked. Default: `transformers-4.28`, PandaLM's pin. */
  readonly beamRule?: BeamRule | undefined;
  /** On every token of the prompt and the answer, as in transformers. Default: 1, none; PandaLM's pipeline has 1.2. */
  readonly repetitionPenalty?: number | undefined;
}

/** The same with defaults filled in. Plain data, since it crosses between threads. */
export type AnswerDecoding =
  | BeamDecoding
  | {
      readonly strategy: 'greedy';
      /** 1: none */
      readonly repetitionPenalty: number;
    };

const DEFAULT_NUM_BEAMS = 4;
const DEFAULT_BEAM_RULE: BeamRule = 'transformers-4.28';

/** @throws InputError `bad-option` for a setting of beams without beams, or a number that none can be */
export function answerDecoding(options: AnswerDecodingOptions = {}): AnswerDecoding {
  const { decoding = 'greedy', numBeams, beamRule, repetitionPenalty = 1 } = options;
  if (!(repetitionPenalty > 0 && repetitionPenalty < Number.POSITIVE_INFINITY))
    throw badOption('repetitionPenalty', 'a number above 0', repetitionPenalty);
  if (decoding === 'beams') return beamsOf(options, repetitionPenalty);
  const ofBeams = numBeams === undefined ? 'beamRule' : 'numBeams';
  if (numBeams !== undefined || beamRule !== undefined)
    throw badOption(ofBeams, 'decoding: beams beside it', `decoding: ${decoding}`);
  return { strategy: 'greedy', repetitionPenalty };
}

function beamsOf(options: AnswerDecodingOptions, repetitionPenalty: number): AnswerDecoding {
  const { numBeams = DEFAULT_NUM_BEAMS, beamRule: rule = DEFAULT_BEAM_RULE } = options;
  // To transformers, one beam is greedy decoding, whose penalty falls on logits.
  if (!Number.isInteger(numBeams) || numBeams < 2)
    throw badOption('numBeams', 'a whole number of at least 2', numBeams);
  return { strategy: 'beams', numBeams, repetitionPenalty, rule };
}

/** Whether answers are decoded as they were before there was a choice. */
export function isPlainGreedy({ strategy, repetitionPenalty }: AnswerDecoding): boolean {
  return strategy === 'greedy' && repetitionPenalty === 1;
}

function badOption(where: string, expected: string, found: unknown): InputError {
  return new InputError({
    code: 'bad-option',
    where,
    expected,
    found: `${found}`,
    fix: 'See docs/decoding.md.',
  });
}
