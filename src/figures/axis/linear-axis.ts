import { decade, tidy } from '../chart/decades.ts';
import { shownText } from '../chart/shown.ts';
import { axisTicks, GRID } from '../chart/style.ts';
import { axisTitle } from './axis-title.ts';

/** Above the largest value, as a share of it, so that no marker is cut. */
const HEADROOM = 0.05;
const MOST_STEPS = 8;
const STEPS = [1, 2, 2.5, 5, 10];

/** From 0 to a round number above all values, with round steps. Chart.js would choose them by logarithms. */
export function fromZeroAxis(values: readonly number[], title: string, lengthPx: number) {
  const { max, stepSize } = roundRange(Math.max(...values, 0) * (1 + HEADROOM));
  const callback = (value: number | string) => shownText(Number(value));
  return {
    type: 'linear' as const,
    min: 0,
    max,
    grid: { color: GRID },
    ticks: { ...axisTicks(), stepSize, callback },
    title: axisTitle(title, lengthPx),
  };
}

/** The first multiple of a round step at or above a number, of the smallest step that needs few of them. */
export function roundRange(highest: number): { max: number; stepSize: number } {
  if (highest <= 0) return { max: 1, stepSize: 0.25 };
  const power = decade(highest) / 10;
  const stepSize = tidy(
    [...STEPS, ...STEPS.map((step) => step * 10)].find((step) => highest <= step * power * MOST_STEPS)! *
      power,
  );
  // An end that is a multiple by itself must not become the next one by its last bits.
  return { max: tidy(Math.ceil(tidy(highest / stepSize)) * stepSize), stepSize };
}
