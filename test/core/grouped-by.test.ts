import { expect, it } from 'vitest';
import { groupedBy } from '../../src/core/grouped-by.ts';

it('groups stand in the order of their first item, items in their own', () => {
  expect(groupedBy(['b1', 'a1', 'b2', 'c1', 'a2'], ([letter]) => letter!)).toEqual([
    ['b1', 'b2'],
    ['a1', 'a2'],
    ['c1'],
  ]);
  expect(groupedBy([], String)).toEqual([]);
});
