import { decade, tidy } from '../chart/decades.ts';
import { axisTicks } from '../chart/style.ts';

const STEPS = [1, 2, 5, 10];

/** Ends at 1, 2 or 5 times a power of ten around the positive values, and labels there. */
export function logRange(values: readonly number[]) {
  const positive = values.filter((value) => value > 0);
  // All zeros: any decade does, there is nothing to draw in it.
  const [low, high] = positive.length === 0 ? [0.1, 1] : [Math.min(...positive), Math.max(...positive)];
  const min = roundDown(low);
  // One value that is an end by itself leaves no axis.
  const max = roundUp(high) > min ? roundUp(high) : tidy(min * 10);
  const labelled = max / min > 1e4 ? [1] : STEPS;
  const callback = (value: number | string) => (labelled.includes(mantissa(Number(value))) ? `${value}` : '');
  return { min, max, ticks: { ...axisTicks(), autoSkip: false, callback } };
}

function roundDown(value: number): number {
  const power = decade(value);
  return tidy(STEPS.findLast((step) => step * power <= value * (1 + 1e-9))! * power);
}

function roundUp(value: number): number {
  const power = decade(value);
  return tidy(STEPS.find((step) => step * power >= value * (1 - 1e-9))! * power);
}

/** First digits of the number, so that 0.05000000000000001 is a 5 as well. */
function mantissa(value: number): number {
  return tidy(value / decade(value));
}
