import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { withoutLaterDefaults } from '../../../src/data/schema/later-defaults.ts';

const FIRST = z.strictObject({
  name: z.string(),
  limit: z.int().optional(),
  speed: z.strictObject({ steps: z.int().default(64) }).prefault({}),
  curves: z.array(z.strictObject({ model: z.string() })).default([]),
});
const FIRST_KEYS = new Set(['name', 'limit', 'speed', 'speed.steps', 'curves', 'curves.model']);

/** The same file format, some releases later. */
const LATER = FIRST.extend({
  seed: z.int().default(1),
  note: z.string().optional(),
  options: z.strictObject({ isFast: z.boolean().default(false) }).prefault({}),
  speed: FIRST.shape.speed.def.innerType.extend({ warmUps: z.array(z.int()).default([1, 2]) }).prefault({}),
  curves: z.array(z.strictObject({ model: z.string(), weight: z.number().default(1) })).default([]),
});

const written = (value: object) => withoutLaterDefaults(LATER.parse(value), LATER, FIRST_KEYS);

describe('a configuration for a hash', () => {
  it('has the first keys, also at their defaults', () => {
    expect(withoutLaterDefaults(FIRST.parse({ name: 'x' }), FIRST, FIRST_KEYS)).toEqual({
      name: 'x',
      speed: { steps: 64 },
      curves: [],
    });
  });

  it.each([
    ['of the file', { name: 'x' }],
    ['within a part', { name: 'x', speed: { steps: 8 } }],
    ['within the items of a list', { name: 'x', curves: [{ model: 'a' }, { model: 'b' }] }],
  ])('is the same before and after a key %s came with a default', (_where, value) => {
    expect(written(value)).toEqual(withoutLaterDefaults(FIRST.parse(value), FIRST, FIRST_KEYS));
  });

  it('has a later key that is set to its default by hand as little as one that is not set', () => {
    const byHand = { name: 'x', seed: 1, options: { isFast: false }, speed: { warmUps: [1, 2] } };
    expect(written(byHand)).toEqual(written({ name: 'x' }));
  });

  it('has a later key with another value, wherever it is', () => {
    const changed = {
      name: 'x',
      seed: 2,
      note: 'y',
      options: { isFast: true },
      speed: { warmUps: [2, 1] },
      curves: [{ model: 'a', weight: 3 }],
    };
    expect(written(changed)).toEqual({ ...changed, speed: { steps: 64, warmUps: [2, 1] } });
  });
});
