import { describe, expect, it } from 'vitest';
import { stretchesOf } from '../../../src/figures/chart/interval-bands.ts';

const point = (x: number, change: object = {}) => ({ x, y: 1, low: 0.5, high: 1.5, ...change });
const placesOf = (points: Parameters<typeof stretchesOf>[0]) =>
  stretchesOf(points).map((stretch) => stretch.map(({ x }) => x));

describe('bands', () => {
  it('end where a point or its interval is missing', () => {
    const points = [point(0), point(1), { x: 2, y: null }, point(3), point(4, { low: null }), point(5)];
    expect(placesOf(points)).toEqual([[0, 1], [3], [5]]);
  });

  it('meet where faint points begin', () => {
    const faint = { isFaint: true };
    const points = [point(0), point(1), point(2, faint), point(3, faint), point(4)];
    expect(placesOf(points)).toEqual([
      [0, 1],
      [1, 2, 3],
      [3, 4],
    ]);
  });

  it('are none without intervals', () => {
    expect(placesOf([{ x: 0, y: 1 }])).toEqual([]);
  });
});
