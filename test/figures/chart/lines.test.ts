import { describe, expect, it } from 'vitest';
import { styledLine } from '../../../src/figures/chart/lines.ts';

const line = (index: number, positions = 3) =>
  styledLine(
    'line',
    Array.from({ length: positions }, (_, x) => ({ x, y: 1 })),
    '#0072b2',
    index,
  );

describe('lines', () => {
  it('are told apart without color: sixteen have markers of their own, and neighbors other dashes', () => {
    const looks = Array.from({ length: 16 }, (_, index) => line(index)).map(
      ({ pointStyle, backgroundColor }) => `${pointStyle} ${backgroundColor}`,
    );
    expect(new Set(looks).size).toBe(16);
    for (let index = 1; index < 16; index++)
      expect(line(index).borderDash).not.toEqual(line(index - 1).borderDash);
  });

  it('have fewer markers where they are long, at other places than their neighbors', () => {
    expect(line(0).pointRadius).toBe(4);
    const radii = [0, 1].map((index) => line(index, 60).pointRadius as number[]);
    const marked = radii.map((list) => list.flatMap((radius, place) => (radius > 0 ? [place] : [])));
    expect(marked.map(({ length }) => length)).toEqual([15, 15]);
    expect(marked[0]!.filter((place) => marked[1]!.includes(place))).toEqual([]);
  });

  it('keep the marker of a point that stands alone', () => {
    const data = Array.from({ length: 60 }, (_, x) => ({ x, y: x % 2 === 1 ? 1 : null }));
    const radii = styledLine('line', data, '#0072b2', 0).pointRadius as number[];
    expect(radii.filter((_, place) => place % 2 === 1).every((radius) => radius > 0)).toBe(true);
  });
});
