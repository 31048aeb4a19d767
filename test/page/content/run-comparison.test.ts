import { describe, expect, it } from 'vitest';
import { changedPairs, differenceFigure, runDifferences } from '../../../src/page/content/run-comparison.ts';
import type { RunHead } from '../../../src/store/read/run-head.ts';
import type { CellScore } from '../../../src/store/tables/score-table.ts';

const comparison = { name: 'soft against sft', modelA: 'soft', modelB: 'sft', exitsA: [2, 4], exitsB: [4] };
const model = (name: 'soft' | 'sft', label: string) => ({
  ...{ model: name, kind: name, label, layers: 4, precision: 'fp32', subModels: [] },
  ...{ bodyParameters: 0, embeddingParameters: 0, headParameters: 0, extraHeadParameters: 0 },
  ...{ weightBytes: 0, extraHeadBytes: 0 },
});
const head: RunHead = {
  ...{ run: 'r', instructions: 2, judge: 'j', judgeDeviations: null, policy: 'average' },
  models: [model('soft', 'SoFT'), model('sft', 'SFT')],
  comparisons: [comparison],
  ...{ curves: [], speedBatchSize: null },
};
const cell = (exitA: number, score: number, change: Partial<CellScore> = {}): CellScore => ({
  ...{ comparison: comparison.name, exitA, exitB: 4, policy: 'average', malformedRule: 'dropped', score },
  ...{
    wins: 1,
    losses: 0,
    ties: 1,
    malformed: 0,
    total: 2,
    ciLow: null,
    ciHigh: null,
    pValue: null,
    pHolm: null,
  },
  ...change,
});

describe('two runs', () => {
  const own = { head, scores: [cell(2, 0.5), cell(4, 0.25), cell(4, 1, { policy: 'pooled' })] };
  const other = {
    head: { ...head, comparisons: [{ ...comparison, name: 'called otherwise' }] },
    scores: [cell(4, -0.25, { comparison: 'called otherwise' })],
  };

  it('are compared at the cells that both have, by the names of the models', () => {
    const differences = runDifferences(own, other, 'average');
    expect(differences).toMatchObject([
      { comparison: 'soft against sft', modelA: 'SoFT', exitsA: [4], cells: [{ score: 0.25, other: -0.25 }] },
    ]);
    const [panel] = differenceFigure(differences)!.panels;
    expect(panel!.config.data.datasets[0]!.data).toMatchObject([{ x: '4', y: '4', v: 0.5, text: '0.50' }]);
  });

  it('without a cell in common make no figure', () => {
    const apart = { ...other, head: { ...head, comparisons: [{ ...comparison, modelB: 'soft' }] } };
    expect(differenceFigure(runDifferences(own, apart, 'average'))).toBeUndefined();
  });

  it('differ in pairs whose outcome over both orders changed', () => {
    const at = { exitA: 2, exitB: 4 };
    const now = [
      { ...at, instructionId: 'same', ab: 'a', ba: 'a' },
      { ...at, instructionId: 'turned', ab: 'a', ba: 'a' },
      { ...at, instructionId: 'new', ab: 'a', ba: 'a' },
    ] as const;
    const before = [
      { ...at, instructionId: 'same', ab: 'a', ba: 'a' },
      { ...at, instructionId: 'turned', ab: 'a', ba: 'b' },
    ] as const;
    expect(changedPairs(now, before)).toEqual([{ own: now[1], before: 'flip', after: 'a' }]);
  });
});
