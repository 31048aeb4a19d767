import { describe, expect, it } from 'vitest';
import type { Figure, Panel } from '../../../src/figures/chart/figure.ts';
import { layOut, type MeasureText, wrap } from '../../../src/figures/chart/figure-layout.ts';
import { TITLE } from '../../../src/figures/chart/style.ts';

/** Ten pixels a letter. */
const measure: MeasureText = (text) => text.length * 10;

function panel(title: string, widthPx = 300): Panel {
  return { title, widthPx, heightPx: 200, config: { type: 'bar', data: { datasets: [] } } };
}

function figure(parts: Partial<Figure>): Figure {
  return { title: 'Title', footer: [], widthPx: 700, panels: [panel('One'), panel('Two')], ...parts };
}

describe('wrap', () => {
  it.each([
    ['', []],
    ['fits', ['fits']],
    ['two words', ['two words']],
    ['three short words', ['three', 'short', 'words']],
    ['  odd \n spaces ', ['odd spaces']],
    ['a verylongwordindeed', ['a', 'verylongwo', 'rdindeed']],
    ['with n\u00a0=\u00a0170', ['with', 'n\u00a0=\u00a0170']],
  ])('breaks %j at ten letters', (text, lines) => expect(wrap(text, TITLE, 100, measure)).toEqual(lines));

  it('ends where not even one letter fits', () => {
    expect(wrap('abc', TITLE, 5, measure)).toEqual(['a', 'b', 'c']);
  });
});

describe('layOut', () => {
  it('sets panels side by side without overlap and inside the margins', () => {
    const { panels } = layOut(figure({}), measure);
    expect(panels.map(({ y }) => y)).toEqual([panels[0]!.y, panels[0]!.y]);
    expect(panels[0]!.x).toBeGreaterThanOrEqual(24);
    expect(panels[1]!.x).toBeGreaterThanOrEqual(panels[0]!.x + 300);
    expect(panels[1]!.x + 300).toBeLessThanOrEqual(700 - 24);
  });

  it('wraps panels that do not fit into the next row', () => {
    const { panels } = layOut(figure({ panels: [panel('1'), panel('2'), panel('3')] }), measure);
    expect(panels[2]!.y).toBeGreaterThanOrEqual(panels[0]!.y + 200);
    expect(panels[2]!.x).toBe(200);
  });

  it('starts the charts of a row at one height below the tallest title', () => {
    const long = 'a title that needs more than one line';
    const { panels, texts } = layOut(figure({ panels: [panel(long), panel('Two')] }), measure);
    const lastLine = texts.findLast(({ text }) => long.endsWith(text))!;
    expect(panels[0]!.y).toBe(panels[1]!.y);
    expect(lastLine.y + lastLine.style.sizePx / 2).toBeLessThan(panels[0]!.y);
  });

  it('grows with the lines of title and footer, and cuts none', () => {
    const words = Array.from({ length: 40 }, () => 'wording').join(' ');
    const short = layOut(figure({ footer: ['Note'] }), measure);
    const long = layOut(figure({ title: words, footer: [words, words] }), measure);
    expect(long.heightPx).toBeGreaterThan(short.heightPx);
    for (const { text, x, y } of long.texts.filter(({ align }) => align === 'left')) {
      expect(x + measure(text, TITLE)).toBeLessThanOrEqual(700 - 24);
      expect(y).toBeLessThan(long.heightPx - 24);
    }
  });
});
