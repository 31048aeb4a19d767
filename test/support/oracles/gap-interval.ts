/** The interval of a mean of paired differences, one of k, computed as its authors describe it and not as the view does. */

export interface GapInterval {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/** One difference more on either side, then the interval of Wald, with the quantile of Bonferroni. */
export function gapInterval(values: readonly number[], exits: number): GapInterval {
  const more = [...values, 1, -1];
  const center = meanOf(more);
  const variance = meanOf(more.map((value) => (value - center) ** 2));
  const reach = normalQuantile(1 - 0.025 / exits) * Math.sqrt(variance / more.length);
  return { mean: meanOf(values), low: Math.max(-1, center - reach), high: Math.min(1, center + reach) };
}

const meanOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** By halving an interval over the sum of the density. */
export function normalQuantile(share: number): number {
  let [low, high] = [0, 10];
  for (let turn = 0; turn < 60; turn++) {
    const middle = (low + high) / 2;
    if (below(middle) < share) low = middle;
    else high = middle;
  }
  return low;
}

const STEPS = 2000;

/** Simpson's rule from 0 on. */
function below(z: number): number {
  const density = (x: number) => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
  const step = z / STEPS;
  let sum = density(0) + density(z);
  for (let at = 1; at < STEPS; at++) sum += (at % 2 === 0 ? 2 : 4) * density(at * step);
  return 0.5 + (sum * step) / 3;
}
