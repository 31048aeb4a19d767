import { describe, expect, it } from 'vitest';
import { layOut } from '../../src/figures/chart/figure-layout.ts';
import { renderFigure } from '../../src/figures/files/canvas.ts';
import { klCurves } from '../../src/figures/run/kl-curves.ts';
import { scoreHeatmaps } from '../../src/figures/run/score-heatmaps.ts';
import { kl, scores } from './samples.ts';

const stamp = { run: 'nano', runSha256: 'c'.repeat(64), command: 'sorted-eval figures --run nano' };
const figures = [
  ['heatmaps', scoreHeatmaps(scores)],
  ['curves', klCurves(kl)],
] as const;

describe.each(figures)('%s as SVG', (_, figure) => {
  const svg = renderFigure(figure, { format: 'svg', stamp }).toString('utf8');
  const { widthPx, heightPx } = layOut(figure, () => 0);

  it('are vectors that need no font and no other file', () => {
    const drawing = svg.replace(/<metadata.*<\/metadata>/s, '');
    expect(drawing).not.toMatch(/<text|font-family|<image|href="(?!#)/);
    expect(drawing.match(/<path|<use/g)!.length).toBeGreaterThan(20);
  });

  it('have a frame to be scaled by, the title, the run and the command', () => {
    expect(svg).toContain(`viewBox="0 0 ${widthPx} ${heightPx}"`);
    expect(svg).toContain(`<title>${figure.title}</title>`);
    expect(svg).toContain(`<text key="sorted-eval run">nano ${'c'.repeat(64)}</text>`);
    expect(svg).toContain('<text key="sorted-eval command">sorted-eval figures --run nano</text>');
  });

  it('are the same bytes again, whatever was drawn in between', () => {
    expect(renderFigure(figure, { format: 'svg', stamp }).toString('utf8')).toBe(svg);
  });
});

describe.each(figures)('%s as PDF', (_, figure) => {
  const pdf = renderFigure(figure, { format: 'pdf', stamp });
  const text = pdf.toString('latin1');

  it('are one page of the natural size with their own font and no picture', () => {
    const { widthPx, heightPx } = layOut(figure, () => 0);
    expect(text.startsWith('%PDF-')).toBe(true);
    const [width, height] = /MediaBox \[0 0 (\d+) (\d+)/.exec(text)!.slice(1).map(Number);
    expect(Math.abs(width! - widthPx * 0.75)).toBeLessThan(1);
    expect(Math.abs(height! - heightPx * 0.75)).toBeLessThan(1);
    expect(text).toMatch(/\/FontFile\d/);
    expect(text).not.toContain('/Subtype /Image');
  });

  it('hold run and command, and are the same bytes again', () => {
    expect(text).toContain(`nano ${'c'.repeat(64)}; sorted-eval figures --run nano`);
    expect(renderFigure(figure, { format: 'pdf', stamp }).equals(pdf)).toBe(true);
  });
});

describe('a hostile title', () => {
  it('stays text in an SVG', () => {
    const title = '</title><script>alert(1)</script> "&\u0000';
    const svg = renderFigure({ ...figures[0][1], title }, { format: 'svg' }).toString('utf8');
    expect(svg).toContain('<title>&lt;/title&gt;&lt;script&gt;alert(1)&lt;/script&gt; &quot;&amp; </title>');
    expect(svg).not.toContain('<script');
  });
});
