import { describe, expect, it } from 'vitest';
import { exitAxis, labelledExits } from '../../../src/figures/axis/exit-axis.ts';

/** Ticks of an axis as Chart.js would have them. */
function ticksOf(exits: readonly number[], others?: readonly number[]) {
  const axis = exitAxis('Exit (layers)', exits, others);
  const built = { ticks: [] as { value: number }[] };
  axis.afterBuildTicks(built);
  return { min: axis.min, max: axis.max, ticks: built.ticks.map(({ value }) => value) };
}

describe('an axis of exits', () => {
  it('has a tick at each exit, whatever their distances', () => {
    expect(ticksOf([40, 12, 14, 30, 12])).toEqual({ min: 12, max: 40, ticks: [12, 14, 30, 40] });
  });

  it('has one tick in the middle for one exit', () => {
    expect(ticksOf([8])).toEqual({ min: 7, max: 9, ticks: [8] });
  });

  it('holds places between exits without a tick', () => {
    expect(ticksOf([4, 8], [3.5])).toEqual({ min: 3.5, max: 8, ticks: [4, 8] });
  });

  it('labels the ticks that have room, the last among them', () => {
    expect([...labelledExits([12, 14, 30, 40], 20)]).toEqual([12, 14, 30, 40]);
    expect([...labelledExits([12, 14, 30, 39, 40], 10)]).toEqual([12, 30, 40]);
    expect([...labelledExits([1, 2, 3], 0.1)]).toEqual([3]);
    expect([...labelledExits([8], 100)]).toEqual([8]);
  });

  it('gives Chart.js no label for a tick without room', () => {
    const { callback } = exitAxis('', [12, 13, 40]).ticks;
    const scale = { width: 280, min: 12, max: 40 };
    expect([12, 13, 40].map((exit) => callback.call(scale, exit))).toEqual(['12', '', '40']);
  });
});
