import { describe, expect, it } from 'vitest';
import { BeamSlots } from '../../../src/engine/cache/beam-slots.ts';

describe('the places of beams’ tokens', () => {
  it('come after the prompt, one for each beam', () => {
    const slots = new BeamSlots(10, 2);
    expect(slots.place()).toEqual([10, 11]);
  });

  it('follow the beams: a new beam has its parent’s path and the parent’s token', () => {
    const slots = new BeamSlots(10, 2);
    slots.follow([0, 0], slots.place());
    slots.follow([1, 0], slots.place());
    expect(slots.paths).toEqual([
      [10, 13],
      [10, 12],
    ]);
  });

  it('of tokens that no beam has any more are taken again before the row grows', () => {
    const slots = new BeamSlots(60, 2);
    slots.follow([0, 0], slots.place());
    slots.follow([1, 1], slots.place());
    expect(slots.paths).toEqual([
      [60, 63],
      [60, 63],
    ]);
    expect([slots.place(), slots.end]).toEqual([[61, 62], 64]);
  });

  it('grow by 64 where all are in use, and never overlap', () => {
    const slots = new BeamSlots(60, 4);
    for (let step = 0; step < 200; step++) {
      slots.follow([0, 1, 2, 3], slots.place());
      expect(new Set(slots.paths.flat()).size).toBe(4 * (step + 1));
    }
    expect(slots.end).toBe(64 * Math.ceil((60 + 800) / 64));
  });

  it('stay few in a long answer whose beams agree on all but their last tokens', () => {
    const slots = new BeamSlots(1, 4);
    for (let step = 0; step < 500; step++) slots.follow([2, 2, 2, 2], slots.place());
    expect(slots.end).toBeLessThanOrEqual(64 * Math.ceil((1 + 500 + 2 * 4) / 64));
  });
});
