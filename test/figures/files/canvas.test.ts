import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Figure, HeatmapConfig } from '../../../src/figures/chart/figure.ts';
import { layOut } from '../../../src/figures/chart/figure-layout.ts';
import { renderFigure } from '../../../src/figures/files/canvas.ts';
import { klCurves } from '../../../src/figures/run/kl-curves.ts';
import { memory } from '../../../src/figures/run/memory-bars.ts';
import { qualitySpeed } from '../../../src/figures/run/quality-speed.ts';
import { type ScoreHeatmapsInput, scoreHeatmaps } from '../../../src/figures/run/score-heatmaps.ts';
import { decodePng, type Pixels } from '../png.ts';
import { kl, quality, scores, sizes } from '../samples.ts';

const makers: [string, () => Figure][] = [
  ['score-heatmaps', () => scoreHeatmaps(scores)],
  ['kl-curves', () => klCurves(kl)],
  ['kl-curves, logarithmic', () => klCurves({ ...kl, scale: 'log' })],
  ['quality-speed', () => qualitySpeed(quality)],
  ['memory', () => memory(sizes)],
];

/** Upper left pixel among those of a color, by column first: the color bar at the right never wins. */
function firstOf(color: string, pixels: Pixels): { x: number; y: number } {
  for (let x = 0; x < pixels.width; x++) {
    for (let y = 0; y < pixels.height; y++) if (pixels.colorAt(x, y) === color) return { x, y };
  }
  throw new Error(`${color} is nowhere in the picture`);
}

describe('renderFigure', () => {
  it.each(makers)('draws %s with the same bytes again, whatever was drawn in between', (_, make) => {
    const figure = make();
    const first = renderFigure(figure);
    renderFigure(memory({ ...sizes, title: 'Another' }));
    expect(renderFigure(figure).equals(first)).toBe(true);
    expect(renderFigure(make()).equals(first)).toBe(true);
  });

  it('draws other bytes for other numbers', () => {
    const [panel] = scores.panels;
    const cells = panel!.cells.map((cell) => ({ ...cell, score: cell.score! / 2 }));
    const halved: ScoreHeatmapsInput = { ...scores, panels: [{ ...panel!, cells }] };
    expect(renderFigure(scoreHeatmaps(halved)).equals(renderFigure(scoreHeatmaps(scores)))).toBe(false);
  });

  it.each(makers)('draws %s with two pixels for each CSS pixel', (_, make) => {
    const figure = make();
    // Sample texts fit on their lines, so a measure of 0 lays out the same.
    const { widthPx, heightPx } = layOut(figure, () => 0);
    const png = renderFigure(figure);
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([widthPx * 2, heightPx * 2]);
  });

  it('draws for print at the resolution that is given', () => {
    const figure = memory(sizes);
    const { widthPx, heightPx } = layOut(figure, () => 0);
    const png = renderFigure(figure, { dpi: 300 });
    const pixels = [widthPx, heightPx].map((px) => Math.ceil((px * 300) / 96));
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual(pixels);
  });

  it('puts the first row on top and the first column at the left', () => {
    const figure = scoreHeatmaps(scores);
    const points = (figure.panels[0]!.config as HeatmapConfig).data.datasets[0]!.data;
    const pixels = decodePng(renderFigure(figure));
    const [upperLeft, upperRight, lowerLeft] = points.map(
      (point) => point.v !== null && firstOf(point.fill, pixels),
    );
    if (!upperLeft || !upperRight || !lowerLeft) throw new Error('the sample lacks cells');
    expect(upperRight.x).toBeGreaterThan(upperLeft.x + 100);
    expect(Math.abs(upperRight.y - upperLeft.y)).toBeLessThan(4);
    expect(lowerLeft.y).toBeGreaterThan(upperLeft.y + 80);
    expect(Math.abs(lowerLeft.x - upperLeft.x)).toBeLessThan(4);
  });

  it('draws a dashed border around what chance explains', () => {
    const [panel] = scores.panels;
    const cells = panel!.cells.map((cell) => ({ ...cell, isChance: cell.exitA === 3 && cell.exitB === 4 }));
    const figure = scoreHeatmaps({ ...scores, panels: [{ ...panel!, cells }] });
    // The canvas writes dashes as one outline.
    const outlines = (drawn: Figure) =>
      renderFigure(drawn, { format: 'svg' })
        .toString('utf8')
        .match(/<[^>]*"#4D4D4D"[^>]*translate[^>]*>/g) ?? [];
    expect(outlines(scoreHeatmaps(scores))).toEqual([]);
    expect(outlines(figure)).toHaveLength(1);
  });

  it('leaves the configuration as it was', () => {
    const figure = memory(sizes);
    const before = JSON.stringify(figure);
    renderFigure(figure);
    expect(JSON.stringify(figure)).toBe(before);
  });
});

describe('imports', () => {
  const folder = new URL('../../../src/figures/', import.meta.url);
  const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => [name, readFileSync(new URL(name, folder), 'utf8')] as const);

  it('of the canvas and of Node stand where files are written: the rest runs in a browser', () => {
    const impure = sources.filter(([, text]) => /'(@napi-rs\/canvas|chart\.js\/auto|node:[^']*)'/.test(text));
    expect(impure.map(([name]) => name).sort()).toEqual(
      ['canvas-library', 'fallback-fonts', 'letters-of-font', 'png-text'].map((name) => `files/${name}.ts`),
    );
  });
});
