import { describe, expect, it } from 'vitest';
import { bootstrapInterval, drawResamples, meanInterval, quantile } from '../../src/metrics/bootstrap.ts';

function named(values: readonly number[]): Map<string, number> {
  return new Map(values.map((value, index) => [`id ${String(index).padStart(3, '0')}`, value]));
}

describe('bootstrap refuses', () => {
  it('no ids, no values, and a statistic that no resample has data for', () => {
    expect(() => drawResamples([], { seed: 1 })).toThrow(RangeError);
    const resamples = drawResamples(['a'], { seed: 1, resamples: 3 });
    expect(() => meanInterval(resamples, new Map())).toThrow(RangeError);
    expect(() => bootstrapInterval(resamples, () => Number.NaN)).toThrow(RangeError);
  });

  it('values of ids that were not drawn from', () => {
    const resamples = drawResamples(['a'], { seed: 1, resamples: 3 });
    expect(() => meanInterval(resamples, new Map([['b', 1]]))).toThrow('not drawn');
  });
});

describe('drawResamples', () => {
  it('draws as many ids as there are, each resample anew', () => {
    const { multiplicities } = drawResamples(['c', 'a', 'b'], { seed: 1, resamples: 50 });
    expect(multiplicities).toHaveLength(50);
    for (const drawn of multiplicities) expect(drawn.reduce((sum, times) => sum + times, 0)).toBe(3);
    expect(new Set(multiplicities.map(String)).size).toBeGreaterThan(5);
  });

  it('gives the same draws for the same ids in any order, others for another seed', () => {
    const draws = drawResamples(['a', 'b', 'c', 'd'], { seed: 1, resamples: 20 });
    expect(drawResamples(['d', 'b', 'a', 'c', 'b'], { seed: 1, resamples: 20 })).toEqual(draws);
    expect(drawResamples(['a', 'b', 'c', 'd'], { seed: 2, resamples: 20 })).not.toEqual(draws);
  });
});

describe('meanInterval', () => {
  it('is the percentile bootstrap, number for number', () => {
    // A port to Python: draws by mulberry32(7), then np.percentile(means, [2.5, 97.5]) and [10, 90].
    const values = named([1, 0.5, -1, 0, 1]);
    const resamples = drawResamples(values.keys(), { seed: 7, resamples: 1000 });
    const interval = meanInterval(resamples, values);
    expect(interval).toMatchObject({ level: 0.95, resamples: 1000, seed: 7 });
    expect([interval.low, interval.high]).toEqual([expect.closeTo(-0.4, 12), expect.closeTo(0.9, 12)]);
    const narrower = meanInterval(resamples, values, 0.8);
    expect([narrower.low, narrower.high]).toEqual([expect.closeTo(-0.2, 12), expect.closeTo(0.7, 12)]);
  });

  it.each([1, 2, 3, 4, 7])(
    'of %i resamples is that of sums made one after the other, bit for bit',
    (resamples) => {
      const tenths = named([0.1, 0, -0.7, 0.3, 0.2, 0, -0.1]);
      const drawn = drawResamples([...tenths.keys(), 'without a value'], { seed: 5, resamples });
      const oneByOne = bootstrapInterval(drawn, (multiplicity) => {
        let [sum, count] = [0, 0];
        for (const [place, id] of drawn.ids.entries()) {
          if (!tenths.has(id)) continue;
          sum += multiplicity[place]! * tenths.get(id)!;
          count += multiplicity[place]!;
        }
        return sum / count;
      });
      expect(meanInterval(drawn, tenths)).toEqual(oneByOne);
      expect(meanInterval(drawn, tenths)).toEqual(oneByOne);
      expect(meanInterval(drawn, named([1, 1, 1]))).toMatchObject({ low: 1, high: 1 });
    },
  );

  it("agrees with SciPy's on 170 instructions", () => {
    // scipy.stats.bootstrap((values,), np.mean, method='percentile', n_resamples=100000, rng=default_rng(1)), SciPy 1.17.1
    const counts: [number, number][] = [
      [1, 60],
      [0.5, 30],
      [0, 40],
      [-0.5, 10],
      [-1, 30],
    ];
    const values = named(counts.flatMap(([value, times]) => new Array<number>(times).fill(value)));
    const { low, high } = meanInterval(drawResamples(values.keys(), { seed: 3 }), values);
    expect(Math.abs(low - 0.1235)).toBeLessThan(0.006);
    expect(Math.abs(high - 0.3441)).toBeLessThan(0.006);
  });

  it('turns with the sign: the interval of cell(b, a) is that of cell(a, b) turned around', () => {
    const values = named([1, 1, 0, -1, 0.5, 0.5]);
    const turned = named([-1, -1, 0, 1, -0.5, -0.5]);
    const resamples = drawResamples(values.keys(), { seed: 9, resamples: 400 });
    const [there, back] = [meanInterval(resamples, values), meanInterval(resamples, turned)];
    expect(back.low).toBeCloseTo(-there.high, 12);
    expect(back.high).toBeCloseTo(-there.low, 12);
  });

  it('leaves out ids without a value, and resamples that drew only those', () => {
    const resamples = drawResamples(['a', 'b', 'c'], { seed: 1, resamples: 200 });
    expect(meanInterval(resamples, new Map([['b', 0.5]]))).toMatchObject({ low: 0.5, high: 0.5 });
  });
});

describe('quantile', () => {
  // np.quantile([1, 2, 4, 8], q)
  it.each([
    [0, 1],
    [0.1, 1.3],
    [0.5, 3],
    [0.975, 7.7],
    [1, 8],
  ])('interpolates at %d as NumPy does', (share, expected) => {
    expect(quantile([1, 2, 4, 8], share)).toBeCloseTo(expected, 12);
  });
});
