import { describe, expect, it } from 'vitest';
import { dynamicAmong, modelExitsSchema } from '../../../src/sources/dynamic/dynamic-exits.ts';

const named = (exit: unknown) => dynamicAmong(modelExitsSchema.parse([2, exit]))[0];

describe('a depth that is chosen token by token', () => {
  it.each([
    [{ adaptive: 0.9 }, 'adaptive:0.9', { threshold: 0.9, confidence: 'probability' }],
    [
      { adaptive: { threshold: 0.9, skipped: 'computed' } },
      'adaptive:0.9',
      { threshold: 0.9, confidence: 'probability' },
    ],
    [
      { adaptive: { threshold: 0.9, skipped: 'carried' } },
      'adaptive:carried:0.9',
      { threshold: 0.9, confidence: 'probability', skipped: 'carried' },
    ],
    [
      { adaptive: { threshold: { 2: 0.5 }, confidence: 'margin', skipped: 'carried' } },
      'adaptive:margin:carried:2=0.5',
      { threshold: { 2: 0.5 }, confidence: 'margin', skipped: 'carried' },
    ],
  ])('has a name and settings, without what is at its default since: %o', (exit, name, adaptive) => {
    expect(named(exit)).toEqual({ name, settings: { adaptive } });
  });
});
