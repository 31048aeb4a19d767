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
  return percentiles(resamples, Float64Array.from(resamples.multiplicities, statistic), level);
}

/** @param values of the resamples; NaN where one has no data */
function percentiles(resamples: Resamples, values: Float64Array, level: number): Interval {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort();
  if (sorted.length === 0) throw new RangeError('no resample has data');
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
  const { ids } = resamples;
  const all = ids.map((id) => values.get(id));
  const known = all.flatMap((value, index) => (value === undefined ? [] : [index]));
  if (known.length < values.size) throw new Error('Values for ids that were not drawn from');
  const intervals = meanIntervals.get(resamples) ?? new Map<string, Interval>();
  meanIntervals.set(resamples, intervals);
  const key = `${level}: ${all.join()}`;
  const interval = intervals.get(key) ?? percentiles(resamples, resampledMeans(resamples, known, all), level);
  intervals.set(key, interval);
  return interval;
}

/** Intervals of values that came before with the same resamples: many cells of a run have equal outcomes. */
const meanIntervals = new WeakMap<Resamples, Map<string, Interval>>();

/** For each resample the mean of its known values, added up in the order of the ids. */
function resampledMeans(
  { ids, multiplicities }: Resamples,
  known: readonly number[],
  all: readonly (number | undefined)[],
): Float64Array {
  // Zeros add nothing.
  const places = Int32Array.from(known.filter((index) => all[index] !== 0));
  const sums = resampledSums(
    multiplicities,
    places,
    Float64Array.from(places, (index) => all[index]!),
  );
  // A resample draws as many ids as there are.
  if (known.length === ids.length) return sums.map((sum) => sum / ids.length);
  const drawn = resampledSums(multiplicities, Int32Array.from(known), new Float64Array(known.length).fill(1));
  return sums.map((sum, resample) => sum / drawn[resample]!);
}

/** Four resamples at a time, since an addition would wait for the one before it: a run has millions of such sums. */
function resampledSums(
  multiplicities: readonly Uint16Array[],
  places: Int32Array,
  values: Float64Array,
): Float64Array {
  const sums = new Float64Array(multiplicities.length);
  const last = multiplicities.length - 1;
  for (let first = 0; first <= last; first += 4) {
    const one = multiplicities[first]!;
    const two = multiplicities[Math.min(first + 1, last)]!;
    const three = multiplicities[Math.min(first + 2, last)]!;
    const four = multiplicities[Math.min(first + 3, last)]!;
    let ofOne = 0;
    let ofTwo = 0;
    let ofThree = 0;
    let ofFour = 0;
    for (let index = 0; index < places.length; index++) {
      const place = places[index]!;
      const value = values[index]!;
      ofOne += one[place]! * value;
      ofTwo += two[place]! * value;
      ofThree += three[place]! * value;
      ofFour += four[place]! * value;
    }
    // The last resample stands in for those beyond the end.
    sums[Math.min(first + 3, last)] = ofFour;
    sums[Math.min(first + 2, last)] = ofThree;
    sums[Math.min(first + 1, last)] = ofTwo;
    sums[first] = ofOne;
  }
  return sums;
}

/** Quantile with linear interpolation, NumPy's default. @param sorted [values], ascending, not empty */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  const position = share * (sorted.length - 1);
  const below = sorted[Math.floor(position)]!;
  const above = sorted[Math.ceil(position)]!;
  return below + (above - below) * (position - Math.floor(position));
}
