import { describe, expect, it } from 'vitest';
import {
  dynamicLabel,
  dynamicModelName,
  partsOfDynamicName,
  relativeDepth,
} from '../../src/core/sub-models.ts';

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

describe('names of models that choose their depth token by token', () => {
  it('hold the name of their model and what chooses', () => {
    expect(dynamicModelName('soft', 'adaptive:0.9')).toBe('soft@adaptive:0.9');
    expect(partsOfDynamicName('soft@adaptive:0.9')).toEqual({ model: 'soft', dynamic: 'adaptive:0.9' });
    expect(partsOfDynamicName('soft')).toBeUndefined();
    expect(dynamicLabel('SoFT', 'speculative:6:4')).toBe('SoFT speculative 6 4');
  });
});
