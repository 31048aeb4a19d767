/**
 * Percentile bootstrap (Efron 1979). It draws ids: of instructions, since all pairs of exits respond to the
 * same ones, or of prompts, since one prompt stands in several labelled pairs. Draw once, then compute the
 * interval of every cell: all of them see the same resamples, so differences between cells can be read too.
 */

import { seededRandom } from './random.ts';

/** Where a number would lie if other instructions had been drawn. */
export interface Interval {
  readonly low: number;
  readonly high: number;
  /** 0.95: 95 % of the resamples lie between the two. */
  readonly level: number;
  readonly resamples: number;
  readonly seed: number;
}

/** Ids drawn with replacement, as many as there are ids, `resamples` times. */
export interface Resamples {
  /** Sorted, each once: the draws do not depend on the order in which a caller met them. */
  readonly ids: readonly string[];
  /** [resamples, ids]: how often each id was drawn. */
  readonly multiplicities: readonly Uint16Array[];
  readonly seed: number;
}

/** A number computed from one resample; NaN where the resample has no data for it. */
export type Statistic = (multiplicity: Uint16Array) => number;

/**
 * Draws the resamples; the same ids and seed give the same draws.
 *
 * @throws RangeError without ids
 */
export function drawResamples(
  ids: Iterable<string>,
  { seed, resamples = 10_000 }: { readonly seed: number; readonly resamples?: number },
): Resamples {
  const sorted = [...new Set(ids)].sort();
  if (sorted.length === 0) throw new RangeError('no ids to draw from');
  const random = seededRandom(seed);
  const multiplicities = Array.from({ length: resamples }, () => {
    const multiplicity = new Uint16Array(sorted.length);
    for (let draw = 0; draw < sorted.length; draw++) multiplicity[Math.floor(random() * sorted.length)]! += 1;
    return multiplicity;
  });
  return { ids: sorted, multiplicities, seed };
}

/**
 * Percentile interval of any statistic. Resamples without data for it are left out of the percentiles.
 *
 * @throws RangeError where no resample has data
 */
export function bootstrapInterval(resamples: Resamples, statistic: Statistic, level = 0.95): Interval {
  const values = resamples.multiplicities.map(statistic).filter((value) => !Number.isNaN(value));
  if (values.length === 0) throw new RangeError('no resample has data');
  const sorted = Float64Array.from(values).sort();
  return {
    low: quantile(sorted, (1 - level) / 2),
    high: quantile(sorted, (1 + level) / 2),
    level,
    resamples: resamples.multiplicities.length,
    seed: resamples.seed,
  };
}

/**
 * Percentile interval of a mean, a Score for instance.
 *
 * @param values one for each id that has data; ids without are not drawn from
 * @throws RangeError without values
 */
export function meanInterval(
  resamples: Resamples,
  values: ReadonlyMap<string, number>,
  level = 0.95,
): Interval {
  const known = resamples.ids.flatMap((id, index) =>
    values.has(id) ? [{ index, value: values.get(id)! }] : [],
  );
  if (known.length < values.size) throw new Error('Values for ids that were not drawn from');
  return bootstrapInterval(
    resamples,
    (multiplicity) => {
      let sum = 0;
      let drawn = 0;
      for (const { index, value } of known) {
        sum += multiplicity[index]! * value;
        drawn += multiplicity[index]!;
      }
      return sum / drawn;
    },
    level,
  );
}

/** Quantile with linear interpolation, NumPy's default. @param sorted [values], ascending, not empty */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  const position = share * (sorted.length - 1);
  const below = sorted[Math.floor(position)]!;
  const above = sorted[Math.ceil(position)]!;
  return below + (above - below) * (position - Math.floor(position));
}
