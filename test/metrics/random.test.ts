import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/metrics/random.ts';

describe('seededRandom', () => {
  // A port of mulberry32 to Python's unbounded integers, masked to 32 bits after each step.
  it.each([
    [0, [0.26642920868471265, 0.0003297457005828619, 0.2232720274478197]],
    [1, [0.6270739405881613, 0.002735721180215478, 0.5274470399599522]],
    [2023, [0.346355166984722, 0.5043564201332629, 0.8568998796399683]],
  ])('is mulberry32: seed %d gives the same numbers everywhere', (seed, numbers) => {
    const random = seededRandom(seed);
    expect([random(), random(), random()]).toEqual(numbers);
  });

  it('is even over [0, 1)', () => {
    const random = seededRandom(5);
    const buckets = new Array<number>(10).fill(0);
    for (let draw = 0; draw < 100_000; draw++) buckets[Math.floor(random() * 10)]! += 1;
    // χ² with 9 degrees of freedom: 27.9 is the 0.1 % point.
    const chiSquared = buckets.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0);
    expect(chiSquared).toBeLessThan(27.9);
  });
});
