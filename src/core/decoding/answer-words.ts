import { type AnswerDecodingOptions, answerDecoding } from './answer-decoding.ts';

/** `always with the most likely token`, `with 4 beams and a repetition penalty of 1.2` */
export function answerWords(options: AnswerDecodingOptions): string {
  const decoding = answerDecoding(options);
  const { repetitionPenalty } = decoding;
  const search =
    decoding.strategy === 'beams' ? `with ${decoding.numBeams} beams` : 'always with the most likely token';
  const rule = decoding.strategy === 'beams' ? `, ranked as in ${decoding.rule.replace('-', ' ')}` : '';
  return repetitionPenalty === 1
    ? `${search}${rule}`
    : `${search} and a repetition penalty of ${repetitionPenalty}${rule}`;
}
