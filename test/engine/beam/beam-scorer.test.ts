import { describe, expect, it } from 'vitest';
import type { BeamRule } from '../../../src/core/decoding/answer-decoding.ts';
import { type BeamSettings, createBeamScorer } from '../../../src/engine/beam/beam-scorer.ts';

const EOS = 9;
const settings = (rule: BeamRule, change: Partial<BeamSettings> = {}): BeamSettings => ({
  numBeams: 2,
  rule,
  eosTokenIds: [EOS],
  promptLength: 10,
  maxLength: 100,
  ...change,
});
const candidate = (beam: number, token: number, score: number) => ({ beam, token, score });
const RULES: BeamRule[] = ['transformers-4.28', 'transformers-4.36'];

describe.each(RULES)('beam search by the rule of %s', (rule) => {
  it('goes on with the best continuations, each behind the beam it continues', () => {
    const scorer = createBeamScorer(settings(rule));
    scorer.advance([candidate(0, 1, -0.1), candidate(0, 2, -0.2), candidate(0, 3, -3), candidate(0, 4, -4)]);
    expect(scorer.beams).toMatchObject([{ tokens: [1] }, { tokens: [2] }]);
    scorer.advance([candidate(1, 5, -0.3), candidate(0, 6, -0.4), candidate(1, 7, -5), candidate(0, 8, -6)]);
    expect(scorer.beams).toMatchObject([
      { tokens: [2, 5], score: -0.3, parent: 1 },
      { tokens: [1, 6], score: -0.4, parent: 0 },
    ]);
    expect(scorer.isDone).toBe(false);
  });

  it('ends once as many hypotheses as beams are finished', () => {
    const scorer = createBeamScorer(settings(rule));
    scorer.advance([candidate(0, EOS, -1), candidate(0, 1, -2), candidate(0, 2, -3), candidate(0, 3, -4)]);
    expect(scorer.isDone).toBe(false);
    scorer.advance([candidate(0, EOS, -2.5), candidate(0, 4, -3), candidate(1, 5, -4), candidate(1, 6, -5)]);
    expect(scorer.isDone).toBe(true);
  });

  it('does not count an end that is not among the first beams', () => {
    const scorer = createBeamScorer(settings(rule));
    scorer.advance([candidate(0, 1, -1), candidate(0, 2, -2), candidate(0, EOS, -3), candidate(0, 3, -4)]);
    expect(scorer.beams).toMatchObject([{ tokens: [1] }, { tokens: [2] }]);
    scorer.advance([candidate(0, 4, -2), candidate(1, 5, -3), candidate(0, EOS, -4), candidate(0, EOS, -5)]);
    expect(scorer.isDone).toBe(false);
  });

  it('is cut at the longest length and answers with the best that it has', () => {
    const scorer = createBeamScorer(settings(rule, { maxLength: 11 }));
    scorer.advance([candidate(0, 1, -1), candidate(0, 2, -2), candidate(0, 3, -3), candidate(0, 4, -4)]);
    expect(scorer.isDone).toBe(true);
    expect(scorer.best()).toMatchObject({ tokens: [1], isFinished: false });
  });
});

describe('which finished hypothesis wins', () => {
  /**
   * A short answer of log-probability −1 and one of three more tokens and −2.2, behind a prompt of ten
   * tokens.
   */
  function best(rule: BeamRule) {
    const scorer = createBeamScorer(settings(rule));
    scorer.advance([
      candidate(0, EOS, -1),
      candidate(0, 1, -1.5),
      candidate(0, 2, -1.6),
      candidate(0, 3, -9),
    ]);
    scorer.advance([candidate(0, 4, -1.7), candidate(1, 5, -1.8), candidate(0, 6, -8), candidate(1, 7, -9)]);
    scorer.advance([candidate(0, 8, -2), candidate(1, 8, -2.1), candidate(0, 6, -8), candidate(1, 7, -9)]);
    scorer.advance([
      candidate(0, EOS, -2.2),
      candidate(1, 8, -2.4),
      candidate(0, 6, -8),
      candidate(1, 7, -9),
    ]);
    expect(scorer.isDone).toBe(true);
    return scorer.best();
  }

  it('4.28 divides by prompt and answer: −1 / 10 beats −2.2 / 13', () => {
    expect(best('transformers-4.28')).toEqual(expect.objectContaining({ tokens: [EOS], isFinished: true }));
  });

  it('4.36 divides by the answer with its end: −2.2 / 4 beats −1 / 1', () => {
    expect(best('transformers-4.36')).toEqual(expect.objectContaining({ tokens: [1, 4, 8, EOS] }));
  });
});

it('wants enough candidates that beams remain when all ends are drawn', () => {
  const eosTokenIds = [7, 8, 9];
  expect(createBeamScorer(settings('transformers-4.28', { eosTokenIds })).candidates).toBe(4);
  expect(createBeamScorer(settings('transformers-4.36', { eosTokenIds })).candidates).toBe(8);
});
