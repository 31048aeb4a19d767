import { describe, expect, it } from 'vitest';
import { klCurves } from '../../../src/figures/run/kl-curves.ts';
import { memory } from '../../../src/figures/run/memory-bars.ts';
import { scoreHeatmaps } from '../../../src/figures/run/score-heatmaps.ts';
import { chartRows, matrixRows } from '../../../src/page/content/chart-data.ts';

const KL = { direction: 'KL', unit: 'nats', path: 'greedy', notes: [] };

describe('the table of a chart', () => {
  it('has a row for each point with both ends of its interval, without the hidden lines', () => {
    const points = [
      { exit: 2, position: 0, meanKlNats: 1.5, instructions: 30, ciLow: 1, ciHigh: 2 },
      { exit: 4, position: 0, meanKlNats: 0.5, instructions: 30 },
    ];
    const [panel] = klCurves({ ...KL, panels: [{ title: 'soft', points }] }).panels;
    const { columns, rows } = chartRows(panel!);
    expect(columns.slice(0, 5)).toEqual(['line', 'x', 'y', 'low', 'high']);
    expect(rows.map((row) => row.slice(0, 5))).toEqual([
      ['2 layers', 0, 1.5, 1, 2],
      ['4 layers', 0, 0.5, null, null],
    ]);
    expect(chartRows(panel!, new Set(['2 layers'])).rows).toHaveLength(1);
  });

  it('has a row for each part of a bar', () => {
    const bar = { label: 'soft', body: 10, embedding: 2, head: 2, extraHeads: 0 };
    const [panel] = memory({ title: 'm', unit: 'parameters', bars: [bar], notes: [] }).panels;
    expect(chartRows(panel!)).toEqual({
      columns: ['bar', 'part', 'value'],
      rows: [
        ['soft', 'Body layers', 10],
        ['soft', 'Embedding', 2],
        ['soft', 'Head', 2],
      ],
    });
  });
});

describe('the table of a matrix', () => {
  it('has a row for each cell with all that is known of it, and an empty one where it has no number', () => {
    const [panel] = scoreHeatmaps({
      ...{ judge: 'j', instructions: 5, notes: [] },
      panels: [
        {
          ...{ modelA: 'soft', modelB: 'sft', exitsA: [2, 4], exitsB: [4] },
          cells: [{ exitA: 2, exitB: 4, score: -0.5 }],
        },
      ],
    }).panels;
    const known = (exitA: number) => (exitA === 2 ? { score: -0.5, total: 5 } : undefined);
    expect(matrixRows(panel!, known)).toEqual({
      columns: ['exit_a', 'exit_b', 'value', 'score', 'total'],
      rows: [
        [2, 4, -0.5, -0.5, 5],
        [4, 4, null, null, null],
      ],
    });
  });
});
