import { describe, expect, it } from 'vitest';
import { read } from '../../../src/store/read/read.ts';
import { checksRead, scoresRead } from '../../../src/store/read/score-reads.ts';
import { type CellScore, saveChecks, saveScores } from '../../../src/store/tables/score-table.ts';
import { sampleStore } from '../sample.ts';

describe('scores and checks', () => {
  it('keeps which check is a badge', () => {
    const store = sampleStore();
    const checks = [
      { name: 'a badge', passed: false, detail: 'differs', isBadge: true },
      { name: 'symmetry', passed: false, detail: 'broken' },
    ];
    saveChecks(store, 'nano', checks);
    expect(read(store, checksRead('nano'))).toEqual(checks);
  });

  const score = (change: Partial<CellScore> = {}): CellScore => ({
    comparison: 'soft-vs-sft',
    exitA: 4,
    exitB: 4,
    policy: 'average',
    malformedRule: 'dropped',
    wins: 1.5,
    losses: 0.5,
    ties: 1,
    malformed: 0,
    total: 3,
    score: 1 / 3,
    ciLow: -0.2,
    ciHigh: 0.8,
    pValue: null,
    pHolm: null,
    ...change,
  });

  it('refuses a score of no data, out of range, or of a cell that the run has not', () => {
    const store = sampleStore();
    saveScores(store, 'nano', 'average', [score()]);
    for (const wrong of [{ total: 0 }, { score: 1.01 }, { score: Number.NaN }]) {
      expect(() => saveScores(store, 'nano', 'average', [score(wrong)])).toThrow(/CHECK|NOT NULL/);
    }
    expect(() => saveScores(store, 'nano', 'average', [score({ exitA: 9 })])).toThrow('FOREIGN KEY');
    expect(read(store, scoresRead('nano'))).toEqual([score()]);
  });

  it('replaces the scores and checks of the run before', () => {
    const store = sampleStore();
    saveScores(store, 'nano', 'average', [score(), score({ policy: 'pooled' })]);
    saveScores(store, 'nano', 'average', [score({ wins: 2 })]);
    expect(read(store, scoresRead('nano'))).toEqual([score({ wins: 2 })]);
    saveChecks(store, 'nano', [{ name: 'old', passed: false, detail: 'no' }]);
    const check = { name: 'self-comparison', passed: true, detail: 'largest |score| 0' };
    saveChecks(store, 'nano', [check]);
    expect(read(store, checksRead('nano'))).toEqual([check]);
  });
});
