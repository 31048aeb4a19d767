import { describe, expect, it } from 'vitest';
import { requireInteger } from '../../src/cli/options.ts';
import { inputErrorOf } from '../support/failure.ts';

describe('an integer option', () => {
  it.each([0, 7, 65_535])('may be %d within its bounds', (value) => {
    expect(requireInteger('--port', value, { min: 0, max: 65_535 })).toBe(value);
  });

  it.each([
    [-1, { min: 0, max: 65_535 }, 'an integer from 0 to 65535'],
    [65_536, { min: 0, max: 65_535 }, 'an integer from 0 to 65535'],
    [1.5, { min: 1, unit: 'MB' }, 'an integer of 1 or more (MB)'],
    [Number.NaN, { min: 0 }, 'an integer of 0 or more'],
    [Number.POSITIVE_INFINITY, { min: 0 }, 'an integer of 0 or more'],
    [2 ** 53, { min: 0 }, 'an integer of 0 or more'],
  ])('may not be %d', async (value, bounds, expected) => {
    const error = await inputErrorOf(() => requireInteger('--option', value, bounds));
    const found = Number.isNaN(value) ? 'no number' : String(value);
    expect(error).toMatchObject({ code: 'bad-option', where: '--option', expected, found });
  });
});
