import { describe, expect, it } from 'vitest';
import { klCurve } from './kl-curve.ts';

describe('klCurve', () => {
  it('refuses an exit without values', () => {
    expect(() => klCurve(3, [])).toThrow(RangeError);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])('refuses %d, and says where it was', (klNats) => {
    expect(() => klCurve(3, [{ instructionId: 'abc', position: 7, klNats }])).toThrow(
      `KL of exit 3, instruction abc, position 7 is ${klNats}`,
    );
  });

  it('averages each position over the instructions that reach it, in order of position', () => {
    const values = [
      { instructionId: 'x', position: 10, klNats: 1 },
      { instructionId: 'x', position: 2, klNats: 3 },
      { instructionId: 'y', position: 2, klNats: 5 },
    ];
    expect(klCurve(4, values)).toEqual([
      { exit: 4, position: 2, meanKlNats: 4, instructions: 2 },
      { exit: 4, position: 10, meanKlNats: 1, instructions: 1 },
    ]);
  });
});
