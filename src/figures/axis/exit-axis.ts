import type { LinearScale } from 'chart.js';
import { axisTicks, GRID } from '../chart/style.ts';
import { axisTitle } from './axis-title.ts';

/** Width of a digit of a label and what lies between two labels, CSS pixels, on the safe side. */
const DIGIT_PX = 8;
const GAP_PX = 5;

/** Axis with a tick at each exit, at its true place; one exit alone stands in the middle. */
export function exitAxis(title: string, exits: readonly number[], others: readonly number[] = []) {
  const ticks = [...new Set(exits)].sort((a, b) => a - b);
  const places = [...ticks, ...others];
  const [first, last] = [Math.min(...places), Math.max(...places)];
  const margin = first === last ? 1 : 0;
  return {
    type: 'linear' as const,
    min: first - margin,
    max: last + margin,
    grid: { color: GRID },
    afterBuildTicks: (axis: { ticks: unknown }) => {
      axis.ticks = ticks.map((value) => ({ value }));
    },
    ticks: { ...axisTicks(), autoSkip: false, includeBounds: false, maxRotation: 0, callback: exitLabel },
    title: axisTitle(title, 400),
  };

  /** Ticks that are too near to others have no label; Chart.js gives the axis as `this`. */
  function exitLabel(this: Pick<LinearScale, 'width' | 'min' | 'max'>, value: number | string): string {
    return labelledExits(ticks, this.width / (this.max - this.min)).has(Number(value)) ? `${value}` : '';
  }
}

/** The exits whose labels have room: the last one, then from the first one on. */
export function labelledExits(exits: readonly number[], pxPerLayer: number): Set<number> {
  const halfPx = (exit: number) => (String(exit).length * DIGIT_PX) / 2;
  const isApart = (one: number, other: number) =>
    (other - one) * pxPerLayer >= halfPx(one) + halfPx(other) + GAP_PX;
  const last = exits.at(-1)!;
  const labelled: number[] = [];
  for (const exit of exits.slice(0, -1)) {
    const previous = labelled.at(-1);
    if ((previous === undefined || isApart(previous, exit)) && isApart(exit, last)) labelled.push(exit);
  }
  return new Set([...labelled, last]);
}
