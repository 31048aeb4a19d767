import { expect, it } from 'vitest';
import { relativeDepth } from '../../src/core/relative-depth.ts';

it.each([
  [12, 40, '3/10'],
  [3, 10, '3/10'],
  [9, 30, '3/10'],
  [40, 40, '1/1'],
  [10, 10, '1/1'],
  [13, 40, '13/40'],
])('exit %d of %d layers is at %s', (exit, layers, depth) => {
  expect(relativeDepth(exit, layers)).toBe(depth);
});
