import { describe, expect, it } from 'vitest';
import type { LinePoint } from '../../../src/figures/chart/figure.ts';
import { FRONTIER_FIGURE, opponentOf } from '../../../src/figures/frontier/frontier-figure.ts';
import type { LayersUsed, QualitySpeed } from '../../../src/store/read/exit-reads.ts';
import type { RunHead } from '../../../src/store/read/run-head.ts';
import type { CellScore } from '../../../src/store/tables/score-table.ts';

const names = ['soft', 'sft', 'soft@adaptive:0.5', 'soft@adaptive:0.9', 'soft@speculative:3:4'];
const against = (modelA: string) => ({
  ...{ name: `${modelA} against sft`, modelA, modelB: 'sft', exitsA: [3, 10], exitsB: [10] },
});
const head = {
  run: 'r',
  instructions: 20,
  speedBatchSize: 1,
  models: names.map((model) => ({ model, label: model.toUpperCase(), subModels: [] })),
  comparisons: ['soft', 'sft', 'soft@adaptive:0.9'].map(against),
} as unknown as RunHead;

const measured = (
  model: string,
  exit: number,
  exactMatch: number | null,
  tokensPerSecond: number | null = null,
) => ({ model, exit, exactMatch, tokensPerSecond }) as QualitySpeed;
const exits = [
  measured('soft', 3, 0.4),
  measured('soft', 10, 0.9),
  measured('sft', 10, 0.8),
  measured('soft@adaptive:0.9', 10, 0.88),
  measured('soft@adaptive:0.5', 10, 0.6),
  measured('soft@speculative:3:4', 10, 0.9),
];
const depths = [
  { model: 'soft@adaptive:0.5', exit: 10, meanLayers: 3.25 },
  { model: 'soft@adaptive:0.9', exit: 10, meanLayers: 4.5 },
  { model: 'soft@speculative:3:4', exit: 10, meanLayers: 10 },
] as LayersUsed[];
const scored = (model: string, exitA: number, score: number, exitB = 10) =>
  ({ comparison: `${model} against sft`, exitA, exitB, score }) as CellScore;
const scores = [
  scored('soft', 3, -0.5),
  scored('soft', 10, 0.1),
  scored('soft', 10, 0.7, 3),
  scored('soft@adaptive:0.9', 10, 0.05),
];

const choice = { policy: 'average' } as const;
const linesOf = (rows: Parameters<typeof FRONTIER_FIGURE.draw>[1]) =>
  FRONTIER_FIGURE.draw(head, rows, choice)!.panels.map(({ title, config }) => ({
    title,
    lines: config.data.datasets.map(({ label, data }) => [
      label,
      (data as LinePoint[]).map(({ x, y }) => [x, y]),
    ]),
  }));

describe('the figure of fixed and dynamic depth', () => {
  it('has for each model a line of its exits, one of its thresholds, and its speculation at full depth', () => {
    const [matches, byScore, ...others] = linesOf({ exits, depths, scores });
    expect(others).toEqual([]);
    const fixed = [
      [3, 0.4],
      [10, 0.9],
    ];
    expect(matches).toEqual({
      title: 'Exact match by layers',
      lines: [
        ['SOFT, fixed exits', fixed],
        [
          'SOFT, adaptive depth',
          [
            [3.25, 0.6],
            [4.5, 0.88],
          ],
        ],
        ['SOFT, speculation', [[10, 0.9]]],
        ['SFT, fixed exits', [[10, 0.8]]],
      ],
    });
    expect(byScore!.lines).toEqual([
      [
        'SOFT, fixed exits',
        [
          [3, -0.5],
          [10, 0.1],
        ],
      ],
      ['SOFT, adaptive depth', [[4.5, 0.05]]],
    ]);
  });

  it('is drawn against speed too, where that was measured', () => {
    const timed = exits.map((row, index) => ({ ...row, tokensPerSecond: 1000 - 100 * index }));
    const panels = linesOf({ exits: timed, depths, scores: [] });
    expect(panels.map(({ title }) => title)).toEqual(['Exact match by layers', 'Exact match by speed']);
    expect(panels[1]!.lines[1]).toEqual([
      'SOFT, adaptive depth',
      [
        [600, 0.6],
        [700, 0.88],
      ],
    ]);
  });

  it('says what a point is, which opponent scores have, and that speed is missing', () => {
    const figure = FRONTIER_FIGURE.draw(head, { exits, depths, scores }, choice)!;
    const [point] = figure.panels[0]!.config.data.datasets[1]!.data as LinePoint[];
    expect(point!.detail).toBe('adaptive 0.5: 60 %, 3.25 layers a token');
    expect(figure.footer.join(' ')).toContain('Score: against SFT, exit 10, policy average.');
    expect(figure.footer.join(' ')).toContain('Speed was not measured');
  });

  it('takes scores against the sub-model that most were compared with', () => {
    expect(opponentOf(head, scores)).toEqual({ model: 'sft', exit: 10 });
    expect(opponentOf(head, [])).toBeUndefined();
  });

  it('is none of a run whose depths are all fixed', () => {
    const fixed = { ...head, models: head.models.slice(0, 2) };
    expect(FRONTIER_FIGURE.isFor!(fixed)).toBe(false);
    expect(FRONTIER_FIGURE.draw(fixed, { exits, depths, scores }, choice)).toBeUndefined();
  });
});
