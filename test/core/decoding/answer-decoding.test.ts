import { describe, expect, it } from 'vitest';
import {
  type AnswerDecodingOptions,
  answerDecoding,
  isPlainGreedy,
} from '../../../src/core/decoding/answer-decoding.ts';
import { answerWords } from '../../../src/core/decoding/answer-words.ts';
import { inputErrorOf } from '../../support/failure.ts';

const PANDALM: AnswerDecodingOptions = { decoding: 'beams', repetitionPenalty: 1.2 };

describe('the decoding of answers', () => {
  it('is greedy without a penalty where nothing is said', () => {
    expect(answerDecoding()).toEqual({ strategy: 'greedy', repetitionPenalty: 1 });
    expect(isPlainGreedy(answerDecoding())).toBe(true);
    expect(isPlainGreedy(answerDecoding({ repetitionPenalty: 1.1 }))).toBe(false);
    expect(isPlainGreedy(answerDecoding({ decoding: 'beams' }))).toBe(false);
  });

  it('has four beams, ranked as in PandaLM’s transformers', () => {
    const rule = 'transformers-4.28';
    expect(answerDecoding(PANDALM)).toEqual({
      strategy: 'beams',
      numBeams: 4,
      repetitionPenalty: 1.2,
      rule,
    });
  });

  it.each<[AnswerDecodingOptions, string]>([
    [{ numBeams: 4 }, 'numBeams: expected decoding: beams beside it, found decoding: greedy'],
    [
      { beamRule: 'transformers-4.36' },
      'beamRule: expected decoding: beams beside it, found decoding: greedy',
    ],
    [{ ...PANDALM, numBeams: 1 }, 'numBeams: expected a whole number of at least 2, found 1'],
    [{ ...PANDALM, numBeams: 2.5 }, 'numBeams: expected a whole number of at least 2, found 2.5'],
    [{ repetitionPenalty: 0 }, 'repetitionPenalty: expected a number above 0, found 0'],
    [{ repetitionPenalty: Number.NaN }, 'repetitionPenalty: expected a number above 0, found NaN'],
  ])('refuses %o', async (options, message) => {
    expect((await inputErrorOf(() => answerDecoding(options))).message).toContain(message);
  });

  it.each<[AnswerDecodingOptions, string]>([
    [{}, 'always with the most likely token'],
    [{ repetitionPenalty: 1.2 }, 'always with the most likely token and a repetition penalty of 1.2'],
    [PANDALM, 'with 4 beams and a repetition penalty of 1.2, ranked as in transformers 4.28'],
  ])('is told in words: %o', (options, words) => {
    expect(answerWords(options)).toBe(words);
  });
});
