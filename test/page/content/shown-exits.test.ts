import { describe, expect, it } from 'vitest';
import { shownExits, withExit } from '../../../src/page/content/shown-exits.ts';

const ALL = [4, 8, 12];

describe('the exits of a table', () => {
  it.each([
    ['', ALL],
    ['8', [8]],
    ['12,4', [4, 12]],
    ['8,99', [8]],
    ['99', ALL],
    ['x', ALL],
  ])('named by %j are %j', (setting, shown) => {
    expect(shownExits(ALL, setting)).toEqual(shown);
  });

  it('are switched off and on; all of them are not named', () => {
    expect(withExit(ALL, ALL, 8)).toBe('4,12');
    expect(withExit(ALL, [4, 12], 8)).toBe('');
    expect(withExit(ALL, [4], 12)).toBe('4,12');
    // Without any there would be no table: all come back.
    expect(shownExits(ALL, withExit(ALL, [4], 4))).toEqual(ALL);
  });
});
