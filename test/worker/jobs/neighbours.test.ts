import { describe, expect, it } from 'vitest';
import { cutNeighbours } from '../../../src/worker/jobs/neighbours.ts';

/** Instructions with this many prompts each, whose beginnings are alike. */
const promptsOf = (counts: readonly number[]) =>
  counts.flatMap((count, instruction) =>
    Array.from({ length: count }, (_, prompt) => `Compare. ${instruction}: what is it? ${prompt}`),
  );

describe('pieces of neighbouring prompts', () => {
  it('have every prompt once, in order, and about the wanted size', () => {
    for (const size of [1, 2, 5, 16, 400]) {
      const ranges = cutNeighbours(promptsOf([40, 3, 60]), size);
      expect(ranges[0]![0]).toBe(0);
      expect(ranges.at(-1)![1]).toBe(103);
      for (const [index, [start, end]] of ranges.entries()) {
        if (index > 0) expect(start).toBe(ranges[index - 1]![1]);
        expect(end - start).toBeLessThanOrEqual(Math.max(1, 1.5 * size));
        if (index < ranges.length - 1) expect(end - start).toBeGreaterThanOrEqual(size / 2);
      }
    }
  });

  it('end where an instruction ends, if one does near that size', () => {
    expect(cutNeighbours(promptsOf([10, 9, 11, 10]), 10)).toEqual([
      [0, 10],
      [10, 19],
      [19, 30],
      [30, 40],
    ]);
  });

  it('are none where there are no prompts', () => {
    expect(cutNeighbours([], 8)).toEqual([]);
  });
});
