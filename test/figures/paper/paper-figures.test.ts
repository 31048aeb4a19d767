import { describe, expect, it } from 'vitest';
import type { Figure, HeatmapConfig, LineConfig } from '../../../src/figures/chart/figure.ts';
import { layOut } from '../../../src/figures/chart/figure-layout.ts';
import { COLUMN_MM, innerWidth, type PaperColumns, paperSheet } from '../../../src/figures/chart/sheet.ts';
import { renderFigure } from '../../../src/figures/files/canvas.ts';
import { captionOf } from '../../../src/figures/paper/paper-figure.ts';
import { klCurves } from '../../../src/figures/run/kl-curves.ts';
import { memory } from '../../../src/figures/run/memory-bars.ts';
import { qualitySpeed } from '../../../src/figures/run/quality-speed.ts';
import { type ScorePanel, scoreHeatmaps } from '../../../src/figures/run/score-heatmaps.ts';
import { type DrawnText, drawnTexts } from '../drawn-texts.ts';
import { kl, quality, scores, sizes } from '../samples.ts';

const TWELVE = [4, 6, 8, 10, 12, 16, 20, 24, 26, 28, 30, 32];

function matrix(exits: readonly number[], modelB = 'SFT'): ScorePanel {
  const cells = exits.flatMap((exitA) =>
    exits.map((exitB) => ({ exitA, exitB, score: (exitA - exitB) / 28 })),
  );
  return { modelA: 'SoFT', modelB, exitsA: exits, exitsB: exits, cells };
}

const matrices = (exits: readonly number[], columns: PaperColumns) =>
  scoreHeatmaps({
    ...{ judge: 'j', instructions: 9, notes: [], sheet: paperSheet(columns) },
    panels: ['SFT', 'Early-exit', 'my-organisation/llama-2-13b'].map((name) => matrix(exits, name)),
  });

const figures = (columns: PaperColumns): [string, Figure][] => {
  const sheet = paperSheet(columns);
  return [
    ['one comparison', scoreHeatmaps({ ...scores, sheet })],
    ['three comparisons at 12 exits', matrices(TWELVE, columns)],
    ['three comparisons at one exit', matrices([8], columns)],
    ['curves', klCurves({ ...kl, sheet })],
    ['quality and speed', qualitySpeed({ ...quality, sheet })],
    ['memory', memory({ ...sizes, sheet })],
  ];
};

const cases = ([1, 2] as const).flatMap((columns) =>
  figures(columns).map(([name, figure]) => [name, columns, figure] as const),
);
const MM_PER_POINT = 25.4 / 72;
const POINTS_PER_CSS_PX = 0.75;

describe.each(cases)('%s over %i columns of a paper', (_, columns, figure) => {
  const texts = drawnTexts(figure);

  it('are as wide as the columns in every format', () => {
    const png = renderFigure(figure, { dpi: 600 });
    expect((png.readUInt32BE(16) / 600) * 25.4).toBeCloseTo(COLUMN_MM[columns], 1);
    const svg = renderFigure(figure, { format: 'svg' }).toString('utf8');
    expect(svg).toContain(`width="${COLUMN_MM[columns]}.00mm"`);
    const pdf = renderFigure(figure, { format: 'pdf' }).toString('latin1');
    const points = Number(/MediaBox \[0 0 (\d+)/.exec(pdf)![1]);
    // PDF's pages have whole points.
    expect(Math.abs(points * MM_PER_POINT - COLUMN_MM[columns])).toBeLessThan(MM_PER_POINT);
    expect(pdf).toMatch(/\/FontFile\d/);
  });

  it('have letters of 7 to 8 points, inside the figure and its panels', () => {
    expect(texts.length).toBeGreaterThan(5);
    for (const { text, sizePx, isSqueezed, box, within } of texts) {
      expect(isSqueezed, text).toBe(false);
      const points = sizePx * figure.sheet!.scale * POINTS_PER_CSS_PX;
      expect(points, text).toBeGreaterThanOrEqual(7);
      expect(points, text).toBeLessThanOrEqual(8);
      expect(box.left, text).toBeGreaterThanOrEqual(within.left - 0.5);
      expect(box.right, text).toBeLessThanOrEqual(within.right + 0.5);
      expect(box.top, text).toBeGreaterThanOrEqual(within.top - 0.5);
      expect(box.bottom, text).toBeLessThanOrEqual(within.bottom + 0.5);
    }
  });

  it('leave title and notes to the caption', () => {
    const drawn = texts.map(({ text }) => text).join(' ');
    expect(drawn).not.toContain(figure.title);
    for (const note of figure.footer) expect(drawn).not.toContain(note);
    expect(captionOf(figure).split('\n')).toEqual([
      `${figure.title.replaceAll('\u00a0', ' ')}.`,
      ...figure.footer.map((note) => note.replaceAll('\u00a0', ' ')),
      '',
    ]);
  });
});

const rowsOf = (figure: Figure) => {
  const placed = layOut(figure, (text, { sizePx }) => text.length * sizePx * 0.55).panels;
  const tops = [...new Set(placed.map(({ y }) => y))];
  return tops.map((top) => placed.filter(({ y }) => y === top).length);
};

const numbersIn = (texts: readonly DrawnText[]) =>
  texts.filter(({ text }) => /^−?(\d?\.\d\d|1\.0)$/.test(text));

describe('matrices on paper', () => {
  it('have square cells', () => {
    for (const figure of [matrices(TWELVE, 2), matrices([8], 2), matrices([8, 32], 1)]) {
      for (const { config } of figure.panels.slice(0, -1)) {
        const axes = config.options!.scales as unknown as Record<'x' | 'y', { afterFit(axis: object): void }>;
        const [x, y] = [{ height: 0 }, { width: 0 }];
        axes.x.afterFit(x);
        axes.y.afterFit(y);
        const { widthPx, heightPx } = figure.panels.find((panel) => panel.config === config)!;
        const exits = (config as HeatmapConfig).data.labels!.length;
        expect((heightPx - 2 - x.height) / exits).toBe((widthPx - y.width) / exits);
      }
    }
  });

  it('stand in a row while their numbers are legible, under one color bar', () => {
    expect(rowsOf(matrices([4, 8, 12, 16, 20, 24, 28, 32], 2))).toEqual([3, 1]);
    expect(rowsOf(matrices(TWELVE, 2))).toEqual([2, 1, 1]);
    expect(rowsOf(matrices(TWELVE, 1))).toEqual([1, 1, 1, 1]);
    const bars = drawnTexts(matrices(TWELVE, 2)).filter(({ text }) => text === 'Score');
    expect(bars).toHaveLength(1);
  });

  it('write all numbers of a matrix in one form that fits, or none', () => {
    const short = numbersIn(drawnTexts(matrices(TWELVE, 2)));
    expect(short).toHaveLength(3 * 144);
    expect(short.filter(({ text }) => text.startsWith('0') || text.startsWith('−0'))).toEqual([]);
    const forty = Array.from({ length: 40 }, (_, index) => index + 1);
    expect(numbersIn(drawnTexts(matrices(forty, 1)))).toEqual([]);
  });

  it('say a vertical axis title once in a row', () => {
    const titles = (figure: Figure) => drawnTexts(figure).filter(({ text }) => text === 'SoFT exit (layers)');
    expect(titles(matrices([4, 8, 12, 16, 20, 24, 28, 32], 2))).toHaveLength(1);
    expect(titles(matrices(TWELVE, 2))).toHaveLength(2);
  });
});

describe('lines on paper', () => {
  it('share one legend with marker and dash of each', () => {
    const figure = klCurves({ ...kl, sheet: paperSheet(2) });
    const legend = figure.panels.at(-1)!.config as LineConfig;
    expect(legend.data.datasets.map(({ label }) => label)).toEqual(['3 layers', '10 layers']);
    const [chart] = figure.panels.map(({ config }) => config as LineConfig);
    for (const [index, { pointStyle, borderDash }] of legend.data.datasets.entries())
      expect({ pointStyle, borderDash }).toEqual({
        pointStyle: chart!.data.datasets[index]!.pointStyle,
        borderDash: chart!.data.datasets[index]!.borderDash,
      });
    expect(chart!.options!.plugins!.legend!.display).toBe(false);
  });

  it('have letters that a text can refer to, where there are several charts', () => {
    const titles = klCurves({ ...kl, sheet: paperSheet(2) }).panels.map(({ title }) => title);
    expect(titles).toEqual([`(a) ${kl.panels[0]!.title}`, `(b) ${kl.panels[1]!.title}`, '']);
    const alone = klCurves({ ...kl, panels: kl.panels.slice(0, 1), sheet: paperSheet(2) });
    expect(alone.panels[0]!.title).toBe(kl.panels[0]!.title);
  });

  it('are as wide as the sheet allows', () => {
    const sheet = paperSheet(1);
    expect(klCurves({ ...kl, sheet }).panels[0]!.widthPx).toBe(innerWidth(sheet));
  });
});
