import { describe, expect, it } from 'vitest';
import { beforeEnd, countEqual } from '../../scripts/bench/agreement.ts';
import { type Goal, goalRow, isMet } from '../../scripts/bench/goals.ts';
import { growthGoals } from '../../scripts/bench/parts/growth.ts';

const atLeast: Goal = { part: 'answers', title: 'as fast as it', target: 3, isAtLeast: true, unit: '×' };
const atMost: Goal = { part: 'nano', title: 'sweep', target: 60, isAtLeast: false, unit: 's' };

describe('goals', () => {
  it.each([
    [{ ...atLeast, measured: 3 }, ['as fast as it', '3.00 ×', '≥ 3.00 ×', 'met']],
    [{ ...atLeast, measured: 2.4 }, ['as fast as it', '2.40 ×', '≥ 3.00 ×', 'missed by 20 % (too low)']],
    [{ ...atMost, measured: 59.9 }, ['sweep', '59.9 s', '≤ 60.0 s', 'met']],
    [{ ...atMost, measured: 90 }, ['sweep', '90.0 s', '≤ 60.0 s', 'missed by 50 % (too high)']],
    [{ ...atLeast, why: 'not installed' }, ['as fast as it', 'skipped: not installed', '≥ 3.00 ×', '–']],
  ])('says what was measured, what was wanted, and by how much it is missed: %o', (goal, row) => {
    expect(goalRow(goal)).toEqual(row);
  });

  it('does not count what was skipped as met', () => {
    expect(isMet(atMost)).toBe(false);
  });
});

describe('growth', () => {
  const run = (instructions: number, seconds: number, peakMemoryMb: number) => ({
    instructions,
    seconds,
    peakMemoryMb,
  });

  it('is 1 where ten times the instructions take ten times the time and the same memory', () => {
    const goals = growthGoals([run(17, 9, 300), run(170, 20, 400), run(1700, 200, 400)]);
    expect(goals.map(({ measured }) => measured)).toEqual([1, 1]);
  });

  it('has no goal for a single size', () => {
    expect(growthGoals([run(17, 9, 300)])).toEqual([]);
  });
});

describe('agreement of engines', () => {
  const eos = [2, 0];

  it('ignores an end token and what is padded after it', () => {
    expect(beforeEnd([5, 6, 0, 2, 2], eos)).toEqual([5, 6]);
    expect(countEqual([[5, 6, 2]], [[5, 6]], eos)).toEqual({ equal: 1, total: 1 });
  });

  it('counts an answer that is longer, shorter or another as different', () => {
    const ours = [[5, 6], [5, 6], [5], [56]];
    const theirs = [
      [5, 6],
      [5, 7],
      [5, 6],
      [5, 6],
    ];
    expect(countEqual(ours, theirs, eos)).toEqual({ equal: 1, total: 4 });
  });
});
