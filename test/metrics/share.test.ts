import { describe, expect, it } from 'vitest';
import { shareInterval } from '../../src/metrics/share.ts';

describe("Wilson's interval of a share", () => {
  it.each([
    // scipy: binomtest(count, total).proportion_ci(method='wilson')
    [5, 10, 0.2365931, 0.7634069],
    [0, 10, 0, 0.2775328],
    [10, 10, 0.7224672, 1],
    [161, 170, 0.9024593, 0.9719006],
  ])('of %i in %i is %f to %f', (count, total, low, high) => {
    const [from, to] = shareInterval({ count, total })!;
    expect(from).toBeCloseTo(low, 4);
    expect(to).toBeCloseTo(high, 4);
  });

  it('is none without data', () => {
    expect(shareInterval({ count: 0, total: 0 })).toBeUndefined();
  });
});
