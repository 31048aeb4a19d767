/** Bytes of a results file, by what stands in it. Measured on the nano run's: the size of each table by its rows (`dbstat`). */

export interface StoredCounts {
  readonly answers: number;
  /** Of one answer. */
  readonly answerTokens: number;
  readonly prompts: number;
  /** Of one verdict's text. */
  readonly verdictTokens: number;
  /** Pairs in both orders. */
  readonly pairs: number;
  /** Curves, of one instruction and exit each. */
  readonly curves: number;
  readonly positions: number;
}

const ANSWER = 720;
/** As text and as ids. */
const ANSWER_TOKEN = 10;
const JUDGEMENT = 455;
const VERDICT_TOKEN = 4;
const PAIR = 141;
const CURVE = 626;
const KL_VALUE = 95;

export function diskBytes(counts: StoredCounts): number {
  const { answers, answerTokens, prompts, verdictTokens, pairs, curves, positions } = counts;
  const ofAnswers = answers * (ANSWER + ANSWER_TOKEN * answerTokens);
  const ofVerdicts = prompts * (JUDGEMENT + VERDICT_TOKEN * verdictTokens) + PAIR * pairs;
  const ofKl = curves * (CURVE + KL_VALUE * Math.min(positions, answerTokens));
  return Math.round(ofAnswers + ofVerdicts + ofKl);
}
