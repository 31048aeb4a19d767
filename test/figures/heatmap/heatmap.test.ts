import { describe, expect, it } from 'vitest';
import type { HeatmapConfig } from '../../../src/figures/chart/figure.ts';
import { contrastRatio, DIVERGING, paler } from '../../../src/figures/chart/palette.ts';
import { heatmaps } from '../../../src/figures/heatmap/heatmap.ts';
import { heatmapConfig, heatmapPoints } from '../../../src/figures/heatmap/heatmap-config.ts';
import type { HeatmapPanel } from '../../../src/figures/heatmap/heatmap-types.ts';
import { SCORE_SCALE, scoreHeatmaps } from '../../../src/figures/run/score-heatmaps.ts';
import { scores } from '../samples.ts';

const config = scoreHeatmaps(scores).panels[0]!.config as HeatmapConfig;

function square(exits: readonly number[], value: (a: number, b: number) => number): HeatmapPanel {
  const cells = exits.flatMap((exitA) =>
    exits.map((exitB) => ({ exitA, exitB, value: value(exitA, exitB) })),
  );
  return { title: 'Square', modelA: 'a', modelB: 'b', exitsA: exits, exitsB: exits, cells };
}

describe('a heatmap', () => {
  it('has each number in the row of exit a and the column of exit b', () => {
    const points = config.data.datasets[0]!.data.map(({ x, y, v, text }) => [y, x, v, text]);
    expect(points).toEqual([
      ['3', '4', 0.6, '0.60'],
      ['3', '9', -0.3, '−0.30'],
      ['10', '4', 0.88, '0.88'],
      ['10', '9', null, '–'],
    ]);
  });

  it('shows a cell without a number as it shows a missing one', () => {
    const panel = { title: 'p', modelA: 'a', modelB: 'b', exitsA: [3], exitsB: [3, 4] };
    const one = { exitA: 3, exitB: 3, value: 0.5 };
    const without = heatmapPoints(
      { ...panel, cells: [one, { exitA: 3, exitB: 4, value: null }] },
      SCORE_SCALE,
    );
    expect(without).toEqual(heatmapPoints({ ...panel, cells: [one] }, SCORE_SCALE));
    expect(without[1]).toMatchObject({ v: null, text: '–' });
  });

  it('shows a missing cell white and legible, unlike a score of 0', () => {
    const missing = config.data.datasets[0]!.data[3]!;
    expect(missing.fill).toBe('#ffffff');
    expect(contrastRatio(missing.fill, missing.ink)).toBeGreaterThanOrEqual(4.5);
    const zero = heatmapPoints(
      square([3], () => 0),
      SCORE_SCALE,
    )[0]!;
    expect(zero).toMatchObject({ v: 0, text: '0.00', fill: '#f7f7f7' });
  });

  it('shows what chance explains pale, and still as its number', () => {
    const panel = square([3], () => -0.5);
    const [certain] = heatmapPoints(panel, SCORE_SCALE);
    const cells = panel.cells.map((cell) => ({ ...cell, isChance: true }));
    const [chance] = heatmapPoints({ ...panel, cells }, SCORE_SCALE);
    expect(certain).not.toHaveProperty('isChance');
    expect(chance).toMatchObject({ v: -0.5, text: '−0.50', isChance: true, fill: paler(certain!.fill) });
    expect(contrastRatio(chance!.fill, chance!.ink)).toBeGreaterThanOrEqual(4.5);
  });

  it('names both axes and lists all exits on them', () => {
    const { x, y } = config.options!.scales! as Record<
      'x' | 'y',
      { labels: string[]; title: { text: string } }
    >;
    expect([x.labels, x.title.text]).toEqual([['4', '9'], ['SFT exit (layers)']]);
    expect([y.labels, y.title.text]).toEqual([['3', '10'], ['SoFT exit (layers)']]);
  });

  it('breaks axis titles of long names, and grows by their lines', () => {
    const [panel] = scores.panels;
    const name = 'my-organisation/llama-2-13b-sorted';
    const long = scoreHeatmaps({ ...scores, panels: [{ ...panel!, modelA: name, modelB: name }] }).panels[0]!;
    const short = scoreHeatmaps(scores).panels[0]!;
    const { x, y } = long.config.options!.scales as unknown as Record<
      'x' | 'y',
      { title: { text: string[] } }
    >;
    for (const { title } of [x, y]) {
      expect(title.text.length).toBeGreaterThan(1);
      expect(title.text.join('')).toContain(name);
    }
    expect(long.heightPx).toBeGreaterThanOrEqual(short.heightPx + 16);
    expect(long.widthPx).toBeGreaterThanOrEqual(short.widthPx + 16);
  });

  it('stands beside another in one row, even with long names', () => {
    const panel = {
      ...square([3, 4, 5, 6, 7, 8, 9, 10], () => 0),
      modelA: 'an-organisation/a-rather-long-name-of-a-model',
    };
    const figure = heatmaps({ title: 't', footer: [], panels: [panel, panel], scale: SCORE_SCALE });
    expect(figure.panels[0]!.widthPx * 2 + 24 + 48).toBeLessThanOrEqual(figure.widthPx);
    expect(figure.widthPx).toBeLessThanOrEqual(1200);
  });

  it('writes with a contrast of 4.5 : 1 in every cell from −1 to 1', () => {
    const exits = Array.from({ length: 21 }, (_, index) => index);
    const points = heatmapPoints(
      square(exits, (a, b) => (a * 21 + b) / 220 - 1),
      SCORE_SCALE,
    );
    for (const { fill, ink } of points) expect(contrastRatio(fill, ink)).toBeGreaterThanOrEqual(4.5);
    expect(new Set(points.map(({ ink }) => ink)).size).toBe(2);
  });

  it('takes label, range, palette and digits from its scale', () => {
    const scale = { label: 'Ours − published', min: 0, max: 2, palette: ['#000000', '#0000ff'], digits: 1 };
    const points = heatmapPoints(
      square([1], () => 1),
      scale,
    );
    expect(points[0]).toMatchObject({ text: '1.0', fill: '#000080', ink: '#ffffff' });
    const beyond = heatmapPoints(
      square([1], () => 5),
      scale,
    );
    expect(beyond[0]).toMatchObject({ v: 5, text: '5.0', fill: '#0000ff' });
  });
});

describe('a figure of scores', () => {
  it('names comparison, judge and n, and prints the notes', () => {
    const { title, footer, panels } = scoreHeatmaps(scores);
    expect(title.replaceAll('\u00a0', ' ')).toBe(
      'Score by exit: SoFT against SFT (judge: nano-judge, n = 170)',
    );
    expect(footer).toContain('Policy: average.');
    expect(panels[0]!.title).toBe('SoFT against SFT');
  });

  it('keeps cells wide enough for their numbers at any number of exits', () => {
    for (const count of [1, 8, 13, 40]) {
      const panel = square(
        Array.from({ length: count }, (_, index) => index + 1),
        () => -1,
      );
      const figure = heatmaps({ title: 't', footer: [], panels: [panel, panel], scale: SCORE_SCALE });
      const { widthPx } = figure.panels[0]!;
      expect(widthPx / count).toBeGreaterThanOrEqual(48);
      expect(figure.widthPx).toBeGreaterThanOrEqual(widthPx + 48);
    }
  });
});

describe('bad input', () => {
  it.each([
    ['no panel', { ...scores, panels: [] }],
    ['no cell', { ...scores, panels: [{ ...scores.panels[0]!, cells: [] }] }],
    ['no exit', { ...scores, panels: [{ ...scores.panels[0]!, exitsB: [] }] }],
  ])('with %s is an error with code empty', (_, input) => {
    expect(() => scoreHeatmaps(input)).toThrow(
      expect.objectContaining({ name: 'InputError', code: 'empty' }),
    );
  });

  it('with a cell that no row stands for is an error, not a lost number', () => {
    const panel = { ...square([3], () => 0), exitsA: [4] };
    expect(() => heatmapConfig(panel, SCORE_SCALE)).toThrow(
      expect.objectContaining({ code: 'unknown-exit' }),
    );
  });

  it('that is not a number is a bug, not a color', () => {
    const panel = square([3], () => Number.NaN);
    const scale = { ...SCORE_SCALE, palette: DIVERGING };
    expect(() => heatmapPoints(panel, scale)).toThrow(RangeError);
  });
});
