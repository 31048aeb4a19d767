import { axisTicks, GRID } from '../chart/style.ts';
import { axisTitle } from './axis-title.ts';

/** Integers on a linear axis: positions or exits. */
export function integerAxis(title: string, min: number, max: number, stepSize: number) {
  return {
    type: 'linear' as const,
    min,
    max,
    grid: { color: GRID },
    ticks: { ...axisTicks(), stepSize, precision: 0, autoSkip: false, includeBounds: false, maxRotation: 0 },
    title: axisTitle(title, 400),
  };
}
