import { describe, expect, it } from 'vitest';
import type { HeatmapConfig } from '../../../src/figures/chart/figure.ts';
import { DIVERGING } from '../../../src/figures/chart/palette.ts';
import { DIFFERENCE_SCALE, differenceHeatmaps } from '../../../src/figures/run/difference-heatmaps.ts';

const RUN = { run: 'nano', judge: 'nano judge', instructions: 170 };
const PANEL = {
  modelA: 'SoFT',
  modelB: 'SFT',
  baseline: 'SFT',
  exitsA: [3, 10],
  exitsB: [3],
  cells: [
    { exitA: 3, exitB: 3, difference: -0.5 },
    { exitA: 10, exitB: 3, difference: 1.5 },
  ],
};

describe('the difference heatmap', () => {
  const figure = differenceHeatmaps({ ...RUN, panels: [PANEL], notes: ['a note'] });
  const config = figure.panels[0]!.config as HeatmapConfig;

  it('draws each difference in its cell; beyond ±1 in the color of the end', () => {
    const points = config.data.datasets[0]!.data.map(({ x, y, text, fill }) => [y, x, text, fill]);
    expect(points[0]!.slice(0, 3)).toEqual(['3', '3', '−0.50']);
    expect(points[1]).toEqual(['10', '3', '1.50', DIVERGING.at(-1)]);
  });

  it('states whose score is subtracted from whose, and what the colors mean', () => {
    expect(figure.title).toBe(
      'Score of run nano minus the published score (judge: nano judge, n\u00a0=\u00a0170)',
    );
    expect(figure.panels[0]!.title).toBe('SoFT against SFT (published: SFT)');
    expect(DIFFERENCE_SCALE.label).toBe('Score of this run − published score');
    expect(figure.footer[0]).toContain('Above 0 (blue)');
    expect(figure.footer[1]).toBe('a note');
  });

  it('is refused without comparisons', () => {
    expect(() => differenceHeatmaps({ ...RUN, panels: [], notes: [] })).toThrow(/at least one panel/);
  });
});
