import { describe, expect, it } from 'vitest';
import { toOutcome } from '../../src/judge/reconcile.ts';
import { drawResamples } from '../../src/metrics/bootstrap.ts';
import { cellScores, isAllMalformed, scoreInterval, scoreOf } from '../../src/metrics/score.ts';

describe('isAllMalformed', () => {
  it('is true only of a cell that has no readable verdict', () => {
    expect(isAllMalformed({ malformed: 3, total: 3 })).toBe(true);
    expect(isAllMalformed({ malformed: 2.5, total: 3 })).toBe(false);
  });
});

describe('scoreOf', () => {
  it('refuses to score nothing', () => {
    const none = { wins: 0, losses: 0, ties: 0, malformed: 0, total: 0 };
    expect(() => scoreOf(none, 'cell 3/4')).toThrow(new RangeError('cell 3/4: nothing was counted'));
  });

  // The paper's Table 4, SoFT against SFT: layers 12/12 and 12/16.
  it.each([
    [71, 99, -0.1647],
    [97.5, 72.5, 0.1471],
  ])('gives the published score of %d wins and %d losses', (wins, losses, published) => {
    const score = scoreOf({ wins, losses, ties: 0, malformed: 0, total: 170 });
    expect(score.score).toBeCloseTo(published, 4);
    expect(score).toMatchObject({ wins, losses, total: 170 });
  });

  it('keeps malformed pairs in the denominator', () => {
    expect(scoreOf({ wins: 1, losses: 0, ties: 0, malformed: 3, total: 4 }).score).toBe(0.25);
  });
});

describe('cellScores', () => {
  it('names the cell that has no pairs', () => {
    expect(() => cellScores([{ exitA: 3, exitB: 10, outcomes: [] }], 'average')).toThrow(
      'cell of exit 3 against exit 10',
    );
  });

  it('scores every cell with its counts', () => {
    const outcomes = [toOutcome('x', '1', '2'), toOutcome('y', '1', '1'), toOutcome('z', 'tie', 'tie')];
    expect(cellScores([{ exitA: 3, exitB: 4, outcomes }], 'average')).toEqual([
      { exitA: 3, exitB: 4, wins: 1.5, losses: 0.5, ties: 1, malformed: 0, total: 3, score: 1 / 3 },
    ]);
  });
});

describe('scoreInterval', () => {
  it('has no width where every instruction says the same', () => {
    const outcomes = [toOutcome('x', '1', '2'), toOutcome('y', '1', '2')];
    const resamples = drawResamples(['x', 'y'], { seed: 1, resamples: 50 });
    expect(scoreInterval(resamples, outcomes, 'average')).toMatchObject({ low: 1, high: 1, seed: 1 });
  });

  it('follows the policy', () => {
    const outcomes = [toOutcome('x', '1', 'tie'), toOutcome('y', '1', 'tie')];
    const resamples = drawResamples(['x', 'y'], { seed: 1, resamples: 50 });
    expect(scoreInterval(resamples, outcomes, 'average')).toMatchObject({ low: 0.5, high: 0.5 });
    expect(scoreInterval(resamples, outcomes, 'both-agree')).toMatchObject({ low: 0, high: 0 });
  });
});
