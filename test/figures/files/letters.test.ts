import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import type { Figure } from '../../../src/figures/chart/figure.ts';
import { paperSheet } from '../../../src/figures/chart/sheet.ts';
import { renderFigure, withMissingNote } from '../../../src/figures/files/canvas.ts';
import { lettersFor } from '../../../src/figures/files/fallback-fonts.ts';
import { lettersOfFont } from '../../../src/figures/files/letters-of-font.ts';
import { memory } from '../../../src/figures/run/memory-bars.ts';
import { scoreHeatmaps } from '../../../src/figures/run/score-heatmaps.ts';
import { scores, sizes } from '../samples.ts';

const { resolve } = createRequire(import.meta.url);
const INTER = resolve('@expo-google-fonts/inter/400Regular/Inter_400Regular.ttf');
const letters = (text: string) => lettersFor(text, INTER, resolve);
const named = (label: string): Figure =>
  memory({ ...sizes, bars: sizes.bars.map((bar) => ({ ...bar, label })) });

describe('the letters of a font', () => {
  it('are those of its table', () => {
    const has = lettersOfFont(INTER);
    expect([...'aéЖλ−‖∅'].map((letter) => has(letter.codePointAt(0)!))).toEqual(Array(7).fill(true));
    expect([...'漢ع😀'].map((letter) => has(letter.codePointAt(0)!))).toEqual([false, false, false]);
  });
});

describe('a text in any script', () => {
  it.each([
    ['Latin, Greek, Cyrillic', 'Modèle λ Ж', []],
    ['Han', '模型', ['noto-sans-sc']],
    ['Kana', 'モデル', ['noto-sans-sc']],
    ['Hangul', '모델', ['noto-sans-kr']],
    ['Arabic', 'نموذج', ['noto-sans-arabic']],
    ['Hebrew', 'מודל', ['noto-sans-hebrew']],
    ['Devanagari', 'मॉडल', ['noto-sans-devanagari']],
    ['Thai', 'แบบจำลอง', ['noto-sans-thai']],
    ['emoji', '🤖👩‍💻', ['noto-emoji']],
  ])('has fonts for %s', (_, text, families) => {
    const { fonts, missing } = letters(text);
    expect(missing).toEqual([]);
    const found = new Set(fonts.map(({ path }) => /noto-[a-z]+(?:-[a-z]+)?/.exec(path)![0]));
    expect([...found]).toEqual(families);
  });

  it('is drawn in another font than its neighbors, with the same bytes again', () => {
    for (const label of ['模型', 'نموذج', '🤖']) {
      const png = renderFigure(named(label));
      expect(png.equals(renderFigure(named('\ufffd'.repeat([...label].length))))).toBe(false);
      expect(renderFigure(named(label)).equals(png)).toBe(true);
    }
  });

  it('is embedded in a PDF', () => {
    expect(renderFigure(named('模型 🤖'), { format: 'pdf' }).toString('latin1')).toMatch(/NotoSansSC/);
  });

  it('leaves no letter away in silence: what no font has is a mark, and named by its code', () => {
    const figure = named('Cuneiform 𒀀');
    expect(withMissingNote(figure).footer.at(-1)).toBe(
      'Letters that no font here has, drawn as \ufffd: U+12000.',
    );
    expect(withMissingNote(withMissingNote(figure)).footer).toHaveLength(figure.footer.length + 1);
    // Nothing of the machine stands in for it.
    const other = { ...named('Cuneiform \ufffd'), footer: withMissingNote(figure).footer };
    expect(renderFigure(figure).equals(renderFigure(other))).toBe(true);
    expect(withMissingNote(named('模型')).footer).toEqual(named('模型').footer);
  });
});

describe('an SVG whose letters stay text', () => {
  const figure = scoreHeatmaps({ ...scores, sheet: paperSheet(1) });
  const svg = renderFigure(figure, { format: 'svg', svgText: true }).toString('utf8');
  const texts = [...svg.matchAll(/<text transform[^>]*>([^<]*)<\/text>/g)];

  it('has each label, with one place, a size and an anchor', () => {
    expect(texts.map(([, text]) => text)).toEqual(
      expect.arrayContaining(['SoFT exit', '−0.30', '0.88', 'Score']),
    );
    const [cell] = texts.find(([, text]) => text === '−0.30')!;
    expect(cell).toMatch(/x="[-\d.]+" y="[-\d.]+" fill="#[0-9a-f]{6}" font-size="14" text-anchor="middle"/);
    expect(svg).toContain('font-family="Inter, Helvetica, Arial, sans-serif"');
  });

  it('has no outlines of letters', () => {
    const outlined = renderFigure(figure, { format: 'svg' }).toString('utf8');
    const shapes = (drawing: string) => drawing.match(/<path|<use/g)?.length ?? 0;
    expect(shapes(svg)).toBeLessThan(shapes(outlined) / 4);
    expect(outlined).not.toContain('<text transform');
  });
});
