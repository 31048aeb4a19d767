import { describe, expect, it } from 'vitest';
import type { Figure } from '../../../src/figures/chart/figure.ts';
import { FIGURES } from '../../../src/figures/run/figure-list.ts';
import { KL_FIGURE } from '../../../src/figures/run/kl-figure.ts';
import { MEMORY_FIGURE } from '../../../src/figures/run/memory-figure.ts';
import { QUALITY_SPEED_FIGURE } from '../../../src/figures/run/quality-speed-figure.ts';
import { drawRunFigure } from '../../../src/figures/run/run-figure.ts';
import { SCORES_FIGURE } from '../../../src/figures/run/score-heatmaps.ts';
import type { ModelParameters } from '../../../src/store/read/exit-reads.ts';
import { type RunHead, type RunModel, readRunHead } from '../../../src/store/read/run-head.ts';
import { type CellScore, saveScores } from '../../../src/store/tables/score-table.ts';
import { sampleStore } from '../../store/sample.ts';

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
  score({ exitA: 4, wins: 0, losses: 0, ties: 0, malformed: 12, score: 0 }),
  score({ comparison: 'sft against soft', exitB: 2, score: -0.75 }),
];
const choice = { policy: 'average' } as const;
const valuesOf = (figure: Figure | undefined) =>
  figure!.panels.map(({ config }) =>
    (config.data.datasets[0]!.data as { v: number | null }[]).map(({ v }) => v),
  );

describe('FIGURES', () => {
  it('have names of their own, for their files and for the sections of the page', () => {
    const names = FIGURES.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toContain('scores');
  });

  it('are drawn from a results file with all their paragraphs, where it has their numbers', () => {
    const store = sampleStore();
    saveScores(store, 'nano', 'pooled', [
      score({ comparison: 'soft-vs-sft', exitA: 4 }),
      score({ comparison: 'soft-vs-sft', exitA: 4, policy: 'pooled', score: 0.5 }),
    ]);
    const stored = readRunHead(store, 'nano')!;
    const drawn = FIGURES.map((figure) => [
      figure.name,
      drawRunFigure(store, stored, figure, { policy: 'pooled' }),
    ]);
    const { scores: matrix, kl, ...others } = Object.fromEntries(drawn) as Record<string, Figure | undefined>;
    expect(valuesOf(matrix)).toEqual([[null, null, null, 0.5]]);
    expect(matrix!.footer.join(' ')).toMatch(/Score = .* Policy pooled.* Measured: .* 100\.0 %/);
    expect(kl).toBeUndefined();
    expect(Object.keys(others).filter((name) => others[name])).toEqual(['quality-speed', 'memory']);
  });
});

describe('SCORES_FIGURE', () => {
  it('draws one matrix for each comparison in its order', () => {
    const figure = SCORES_FIGURE.draw(head, { scores }, choice)!;
    expect(figure.title).toContain('SoFT against SFT, SFT against SoFT (judge: the judge, n\u00a0=\u00a012)');
    expect(figure.panels.map(({ title }) => title)).toEqual(['SoFT against SFT', 'SFT against SoFT']);
    expect(valuesOf(figure)).toEqual([[0.25, null], [-0.75]]);
  });

  it('leaves a cell without a readable verdict empty', () => {
    expect(valuesOf(SCORES_FIGURE.draw(head, { scores }, choice))[0]![1]).toBeNull();
  });

  it('has no matrix for a comparison without scores', () => {
    const figure = SCORES_FIGURE.draw(head, { scores: scores.slice(2) }, choice)!;
    expect(figure.panels.map(({ title }) => title)).toEqual(['SFT against SoFT']);
  });

  it('marks what chance explains, and says how', () => {
    const figure = SCORES_FIGURE.draw(head, { scores: [score({ pValue: 0.01, pHolm: 0.06 })] }, choice)!;
    expect(figure.panels[0]!.config.data.datasets[0]!.data).toMatchObject([{ v: 0.25, isChance: true }, {}]);
    expect(figure.footer[0]).toContain('Pale with a dashed border: chance explains it');
    expect(SCORES_FIGURE.draw(head, { scores }, choice)!.footer[0]).not.toContain('Pale');
  });

  it('is no figure where nothing was scored or judged', () => {
    expect(SCORES_FIGURE.draw(head, { scores: [] }, choice)).toBeUndefined();
    expect(SCORES_FIGURE.draw({ ...head, judge: null }, { scores }, choice)).toBeUndefined();
  });
});

describe('KL_FIGURE', () => {
  const point = (curve: string, own: string, reference: string) => ({
    ...{ curve, model: own, exit: 2, referenceModel: reference, referenceExit: 4 },
    ...{ position: 0, meanKlNats: 1, instructions: 12, ciLow: 0.5, ciHigh: 1.5 },
  });

  it('has the curves in the order of the sweep file, and names whose exits are compared with what', () => {
    const points = [point('sft from soft@4', 'sft', 'soft'), point('soft from sft@4', 'soft', 'sft')];
    const figure = KL_FIGURE.draw(head, { points }, choice)!;
    expect(figure.panels.map(({ title }) => title)).toEqual([
      "SoFT's exits from SFT's exit 4",
      "SFT's exits from SoFT's exit 4",
    ]);
    expect(KL_FIGURE.draw(head, { points: [] }, choice)).toBeUndefined();
  });
});

describe('QUALITY_SPEED_FIGURE', () => {
  it('interrupts the line at what was not measured, and notes that quality is unknown', () => {
    const speed = { tokensPerSecond: 500, repetitions: 10, ciLow: 450, ciHigh: 550, machine: 'a machine' };
    const exits = [{ model: 'sft', exit: 4, exactMatch: null, total: null, ...speed }];
    const figure = QUALITY_SPEED_FIGURE.draw(head, { depths: [], exits }, choice)!;
    expect(figure.panels.map(({ title }) => title)).toEqual(['Speed by exit']);
    const lines = figure.panels[0]!.config.data.datasets.map(({ data }) => data);
    expect(lines).toMatchObject([
      [
        { x: 2, y: null },
        { x: 4, y: 500 },
      ],
    ]);
    expect(figure.footer[0]).toContain('median of 10 timings, all exits in turns; bands: its interval');
    expect(figure.footer[0]).toContain('a machine');
    expect(figure.footer[1]).toContain('no known answers');
    const unknown = [{ ...exits[0]!, tokensPerSecond: null }];
    expect(QUALITY_SPEED_FIGURE.draw(head, { depths: [], exits: unknown }, choice)).toBeUndefined();
  });
});

describe('MEMORY_FIGURE', () => {
  it('sets the models beside as many separate ones, and leaves out models of unknown size', () => {
    const served = { ...model('served', 'Served', 0), bodyParameters: null };
    const rows = { models: head.models as readonly ModelParameters[] };
    const figure = MEMORY_FIGURE.draw({ ...head, models: [...head.models, served] }, rows, choice)!;
    expect(figure.panels[0]!.config.data.labels).toEqual(['SoFT', 'SFT', '2 separate models']);
    const [soft] = head.models;
    const single = { ...soft!, subModels: soft!.subModels.slice(0, 1) };
    const alone = MEMORY_FIGURE.draw(
      { ...head, models: [single] },
      { models: rows.models.slice(0, 1) },
      choice,
    )!;
    expect(alone.panels[0]!.config.data.labels).toEqual(['SoFT', '1 separate model']);
    const dynamic = { ...rows.models[0]!, model: 'soft@adaptive:0.9' };
    const same = MEMORY_FIGURE.draw(head, { models: [...rows.models, dynamic] }, choice)!;
    expect(same.panels[0]!.config.data.labels).toHaveLength(3);
    expect(MEMORY_FIGURE.draw({ ...head, models: [served] }, { models: [] }, choice)).toBeUndefined();
  });
});
