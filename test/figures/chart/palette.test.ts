import { describe, expect, it } from 'vitest';
import {
  CATEGORICAL,
  colorAt,
  contrastRatio,
  cycled,
  DIVERGING,
  inkOn,
  SEQUENTIAL,
  spread,
} from '../../../src/figures/chart/palette.ts';

describe('contrastRatio', () => {
  it.each([
    ['#000000', '#ffffff', 21],
    ['#ffffff', '#ffffff', 1],
    // The values that WCAG's own tools print.
    ['#777777', '#ffffff', 4.478],
    ['#0000ff', '#ffffff', 8.592],
  ])('of %s and %s is %d', (one, other, ratio) => {
    expect(contrastRatio(one, other)).toBeCloseTo(ratio, 2);
    expect(contrastRatio(other, one)).toBeCloseTo(ratio, 2);
  });
});

describe('colorAt', () => {
  it('starts, centres and ends on the palette', () => {
    expect(colorAt(DIVERGING, 0)).toBe('#67001f');
    expect(colorAt(DIVERGING, 0.5)).toBe('#f7f7f7');
    expect(colorAt(DIVERGING, 1)).toBe('#053061');
  });

  it('mixes neighbours channel by channel', () => {
    expect(colorAt(['#000000', '#102030', '#ffffff'], 0.25)).toBe('#081018');
  });

  it('keeps the end color beyond the ends', () => {
    expect(colorAt(DIVERGING, -3)).toBe('#67001f');
    expect(colorAt(DIVERGING, 1.5)).toBe('#053061');
  });
});

describe('inkOn', () => {
  it('reaches 4.5 : 1 on every color of the score scale', () => {
    for (let step = 0; step <= 400; step++) {
      const fill = colorAt(DIVERGING, step / 400);
      expect(contrastRatio(fill, inkOn(fill)), fill).toBeGreaterThanOrEqual(4.5);
    }
  });

  it('reaches 4.5 : 1 on every gray and on the colors of bars', () => {
    const grays = Array.from(
      { length: 256 },
      (_, gray) => `#${gray.toString(16).padStart(2, '0').repeat(3)}`,
    );
    for (const fill of [...grays, ...CATEGORICAL]) {
      expect(contrastRatio(fill, inkOn(fill)), fill).toBeGreaterThanOrEqual(4.5);
    }
  });
});

describe('colors of lines', () => {
  it('are as many different ones as there are exits', () => {
    expect(new Set(spread(SEQUENTIAL, 8)).size).toBe(8);
    expect(spread(SEQUENTIAL, 1)).toEqual([SEQUENTIAL[0]]);
  });

  it('stand out from white paper', () => {
    for (const color of spread(SEQUENTIAL, 20)) expect(contrastRatio(color, '#ffffff')).toBeGreaterThan(2);
  });

  it('of models start again after the last', () => {
    expect(cycled(CATEGORICAL, CATEGORICAL.length + 1)).toBe(CATEGORICAL[1]);
  });
});
