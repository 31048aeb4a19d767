import { describe, expect, it } from 'vitest';
import { paceFrom, secondsFor } from '../../../src/evaluate/outlook/pace.ts';

describe('the pace of work that opens a model first', () => {
  it('tells opening from work by two runs, and so hits a third', () => {
    const took = (pieces: number) => 7 + pieces / 4;
    const pace = paceFrom([24, took(24)], [360, took(360)]);
    expect(pace.openingSeconds).toBeCloseTo(7, 9);
    expect(secondsFor(4080, pace)).toBeCloseTo(took(4080), 6);
  });

  it.each([
    ['a short run that took as long', [24, 90], [360, 90]],
    ['as many pieces', [24, 5], [24, 9]],
    ['a short run that was quicker than its share', [24, 1], [360, 97]],
  ] as const)('counts opening as work after %s', (_, short, long) => {
    const { openingSeconds, perSecond } = paceFrom(short, long);
    expect(openingSeconds).toBe(0);
    expect(perSecond).toBeCloseTo((short[0] + long[0]) / (short[1] + long[1]), 9);
  });

  it('is nothing for nothing', () => {
    expect(secondsFor(0, paceFrom([24, 13], [360, 97]))).toBe(0);
  });
});
