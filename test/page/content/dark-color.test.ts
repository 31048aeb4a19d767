import { describe, expect, it } from 'vitest';
import {
  CATEGORICAL,
  contrastRatio,
  DIVERGING,
  paler,
  SEQUENTIAL,
} from '../../../src/figures/chart/palette.ts';
import { GRID, INK } from '../../../src/figures/chart/style.ts';
import { DARK_PAPER, onDark } from '../../../src/page/content/dark-color.ts';

/** In radians, on the circle of colors. */
function hueOf(color: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16)) as [
    number,
    number,
    number,
  ];
  return Math.atan2(Math.sqrt(3) * (green - blue), 2 * red - green - blue);
}

/** Least contrast of what carries meaning without being text, WCAG 2.1. */
const GRAPHICS = 3;

describe('a color on dark paper', () => {
  it('makes white the dark paper and black white', () => {
    expect(onDark('#ffffff')).toBe(DARK_PAPER);
    expect(onDark('#000000')).toBe('#ffffff');
  });

  it.each([...CATEGORICAL.slice(0, -1), ...SEQUENTIAL])('keeps the hue of %s', (color) => {
    expect(hueOf(onDark(color))).toBeCloseTo(hueOf(color), 1);
  });

  it('lets every color of lines and models stand out', () => {
    const colors = [...CATEGORICAL, ...SEQUENTIAL, INK].map(onDark);
    for (const color of colors) expect(contrastRatio(color, DARK_PAPER)).toBeGreaterThan(GRAPHICS);
  });

  it('lets what lay near white paper lie near the dark one', () => {
    for (const color of [GRID, DIVERGING[5]!, paler(CATEGORICAL[0]!)])
      expect(contrastRatio(onDark(color), DARK_PAPER)).toBeLessThan(GRAPHICS);
  });

  it('makes the middle of a scale its darkest color', () => {
    const contrasts = DIVERGING.map((color) => contrastRatio(onDark(color), DARK_PAPER));
    expect(Math.min(...contrasts)).toBe(contrasts[5]);
  });
});
