import { describe, expect, it } from 'vitest';
import { differencesFromPublished, publishedFigure } from '../../../src/figures/run/published-figure.ts';
import type { RunHead } from '../../../src/store/read/run-head.ts';
import type { CellScore } from '../../../src/store/tables/score-table.ts';

const comparison = { name: 'soft against sft', modelA: 'soft', modelB: 'sft', exitsA: [2, 4], exitsB: [4] };
const model = (name: 'soft' | 'sft', label: string) => ({
  ...{ model: name, kind: name, label, layers: 4, precision: 'fp32', subModels: [] },
  ...{ bodyParameters: 0, embeddingParameters: 0, headParameters: 0, extraHeadParameters: 0 },
  ...{ weightBytes: 0, extraHeadBytes: 0 },
});
const head: RunHead = {
  ...{ run: 'r', instructions: 2, judge: 'j', judgeDeviations: 'greedy', policy: 'average' },
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

describe('published cells', () => {
  const published = [
    { baseline: 'SFT', exitA: 20, exitB: 40, layers: 40, score: 0.1 },
    { baseline: 'SFT+ICT', exitA: 20, exitB: 40, layers: 40, score: 0.1 },
  ] as const;

  it('are matched by relative depth and subtracted', () => {
    const differences = differencesFromPublished(
      head,
      [cell(2, 0.5), cell(4, 0), cell(2, 1, { policy: 'pooled' })],
      published,
    ).differences;
    expect(differences).toHaveLength(1);
    const figure = publishedFigure(head, differences, 'table.csv')!;
    expect(figure.panels[0]!.title).toBe('SoFT against SFT (published: SFT)');
    expect(figure.panels[0]!.config.data.datasets[0]!.data).toMatchObject([{ y: '2', x: '4', v: 0.4 }]);
    expect(figure.footer.join(' ')).toMatch(
      /Published: table\.csv; .* This run: n = 2\. Judge: j; .* Deviations from PandaLM: greedy\./,
    );
  });

  it('of other models make no figure', () => {
    const { differences } = differencesFromPublished(head, [], published);
    expect(publishedFigure(head, differences, 'x')).toBeUndefined();
  });
});
