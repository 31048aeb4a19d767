import { describe, expect, it } from 'vitest';
import {
  klFigure,
  memoryFigure,
  qualitySpeedFigure,
  scoresFigure,
} from '../../../src/figures/run/run-figures.ts';
import type { RunHead, RunModel } from '../../../src/store/read/run-head.ts';
import type { CellScore } from '../../../src/store/tables/score-table.ts';

const model = (name: string, label: string, bodyParameters: number): RunModel => ({
  model: name,
  label,
  kind: 'soft',
  layers: 4,
  precision: 'fp32',
  subModels: [
    { exit: 2, subModelKey: `${name} 2` },
    { exit: 4, subModelKey: `${name} 4` },
  ],
  bodyParameters,
  embeddingParameters: 10,
  headParameters: 10,
  extraHeadParameters: 0,
  weightBytes: 480,
  extraHeadBytes: 0,
});

const head: RunHead = {
  run: 'r',
  instructions: 12,
  judge: 'the judge',
  judgeDeviations: null,
  policy: 'average',
  models: [model('soft', 'SoFT', 100), model('sft', 'SFT', 100)],
  comparisons: [
    { name: 'soft against sft', modelA: 'soft', modelB: 'sft', exitsA: [2, 4], exitsB: [4] },
    { name: 'sft against soft', modelA: 'sft', modelB: 'soft', exitsA: [2], exitsB: [2] },
  ],
  curves: [
    { model: 'soft', reference: 'sft' },
    { model: 'sft', reference: 'soft' },
  ],
  speedBatchSize: 1,
};

const score = (change: Partial<CellScore>): CellScore => ({
  comparison: 'soft against sft',
  exitA: 2,
  exitB: 4,
  policy: 'average',
  malformedRule: 'dropped',
  wins: 6,
  losses: 3,
  ties: 3,
  malformed: 0,
  total: 12,
  score: 0.25,
  ciLow: null,
  ciHigh: null,
  pValue: null,
  pHolm: null,
  ...change,
});
const scores = [
  score({}),
  score({ policy: 'pooled', score: 0.5 }),
  score({ exitA: 4, wins: 0, losses: 0, ties: 0, malformed: 12, score: 0 }),
  score({ comparison: 'sft against soft', exitB: 2, score: -0.75 }),
];
const evidence = { orders: [], malformedRule: 'dropped' as const, agreement: [], people: [] };
const valuesOf = (figure: ReturnType<typeof scoresFigure>) =>
  figure!.panels.map(({ config }) =>
    (config.data.datasets[0]!.data as { v: number | null }[]).map(({ v }) => v),
  );

describe('scoresFigure', () => {
  it('draws one matrix for each comparison in its order, from the scores of one policy alone', () => {
    const figure = scoresFigure(head, scores, evidence, 'average')!;
    expect(figure.title).toContain('SoFT against SFT, SFT against SoFT (judge: the judge, n\u00a0=\u00a012)');
    expect(figure.panels.map(({ title }) => title)).toEqual(['SoFT against SFT', 'SFT against SoFT']);
    expect(valuesOf(figure)).toEqual([[0.25, null], [-0.75]]);
  });

  it('leaves a cell without a readable verdict empty', () => {
    expect(valuesOf(scoresFigure(head, scores, evidence, 'average'))[0]![1]).toBeNull();
  });

  it('is no figure where nothing was scored or judged', () => {
    expect(scoresFigure(head, scores, evidence, 'both-agree')).toBeUndefined();
    expect(scoresFigure({ ...head, judge: null }, scores, evidence, 'average')).toBeUndefined();
  });
});

describe('klFigure', () => {
  const point = (curve: string, own: string, reference: string) => ({
    ...{ curve, model: own, exit: 2, referenceModel: reference, referenceExit: 4 },
    ...{ position: 0, meanKlNats: 1, instructions: 12 },
  });

  it('has the curves in the order of the sweep file, and says whose exits are compared with what', () => {
    const figure = klFigure(head, [
      point('sft from soft@4', 'sft', 'soft'),
      point('soft from sft@4', 'soft', 'sft'),
    ])!;
    expect(figure.panels.map(({ title }) => title)).toEqual([
      "SoFT's exits from SFT's exit 4",
      "SFT's exits from SoFT's exit 4",
    ]);
    expect(klFigure(head, [])).toBeUndefined();
  });
});

describe('qualitySpeedFigure', () => {
  it('shows the first batch size, interrupts the line at what was not measured, and says when quality is unknown', () => {
    const measured = { model: 'sft', exit: 4, tokens: 50, durationMs: 100 };
    const figure = qualitySpeedFigure(
      head,
      [],
      [
        { ...measured, batchSize: 1 },
        { ...measured, batchSize: 8, tokens: 1 },
      ],
    )!;
    const lines = figure.panels[1]!.config.data.datasets.map(({ data }) => data);
    expect(lines[1]).toEqual([
      { x: 2, y: null },
      { x: 4, y: 500 },
    ]);
    expect(figure.footer[1]).toContain('no known answers');
    expect(qualitySpeedFigure(head, [], [{ ...measured, batchSize: 8 }])).toBeUndefined();
  });
});

describe('memoryFigure', () => {
  it('sets the models beside as many separate ones, and leaves out models of unknown size', () => {
    const figure = memoryFigure({ ...head, models: [...head.models, model('served', 'Served', 0)] })!;
    expect(figure.panels[0]!.config.data.labels).toEqual(['SoFT', 'SFT', '2 separate models']);
    expect(memoryFigure({ ...head, models: [model('served', 'Served', 0)] })).toBeUndefined();
  });
});
