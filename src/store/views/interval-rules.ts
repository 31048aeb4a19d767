/**
 * 95 % intervals as SQL expressions. They draw nothing at random and use no function that processors round differently, so
 * that every file has them, also one of an earlier version, in every program that reads it.
 */
import { MAX_REPETITIONS } from '../../core/domain.ts';
import { medianRank } from '../../metrics/median-interval.ts';
import { ADDED_OBSERVATIONS, SIMULTANEOUS_Z } from '../../metrics/not-worse.ts';

/**
 * Student's t at 97.5 %, for 1 to 30 degrees of freedom (scipy.stats.t.ppf). Beyond them its expansion in 1/ν (Abramowitz
 * and Stegun 26.7.5) is exact to six digits.
 */
const T_975 = [
  ...[12.706205, 4.302653, 3.182446, 2.776445, 2.570582, 2.446912, 2.364624, 2.306004, 2.262157, 2.228139],
  ...[2.200985, 2.178813, 2.160369, 2.144787, 2.13145, 2.119905, 2.109816, 2.100922, 2.093024, 2.085963],
  ...[2.079614, 2.073873, 2.068658, 2.063899, 2.059539, 2.055529, 2.051831, 2.048407, 2.04523, 2.042272],
];
/** The normal distribution at 97.5 %, and the numerators of 1/ν, 1/ν² and 1/ν³ after it. */
const T_EXPANSION = [1.959964, 2.372271, 2.822502, 2.555852];

/** Half the width of the interval of a mean; NULL for one value. @param count, variance columns; the variance is the sample's */
export const meanMargin = (count: string, variance: string) =>
  `(${studentT(`${count} - 1`)}) * sqrt(${variance} / ${count})`;

function studentT(freedom: string): string {
  const exact = T_975.map((value, index) => `WHEN ${index + 1} THEN ${value}`);
  const [limit, ...terms] = T_EXPANSION;
  const sum = terms.map((term, index) => ` + ${term}${` / (${freedom})`.repeat(index + 1)}`);
  return `CASE ${freedom} WHEN 0 THEN NULL ${exact.join(' ')} ELSE ${limit}${sum.join('')} END`;
}

/**
 * Which of `count` values in order bounds the interval of their median, counted from either end; NULL where they are too
 * few. @param count column
 */
export function medianRankOf(count: string): string {
  const ranks = Array.from({ length: MAX_REPETITIONS }, (_, index) => medianRank(index + 1));
  const steps = ranks.flatMap((rank, index) =>
    rank === ranks[index + 1] ? [] : [`WHEN ${count} <= ${index + 1} THEN ${rank ?? 'NULL'}`],
  );
  return `CASE ${steps.join(' ')} END`;
}

/** Quantile of the normal distribution for the intervals of so many means together. @param count column */
export function simultaneousZ(count: string): string {
  const steps = SIMULTANEOUS_Z.map(([exits, z]) => `WHEN ${count} <= ${exits} THEN ${z}`);
  return `CASE ${steps.join(' ')} END`;
}

/**
 * One end of the adjusted Wald interval of the mean of paired differences, cut where differences end.
 * @param z column or number; beside it the columns `n`, `total` and `squares`: count, sum, and sum of squares
 */
export function adjustedEnd(side: '-' | '+', z: string | number): string {
  const count = `(n + ${ADDED_OBSERVATIONS})`;
  const mean = `total / ${count}`;
  const variance = `(squares + ${ADDED_OBSERVATIONS}) / ${count} - ${mean} * ${mean}`;
  const end = `${mean} ${side} ${z} * sqrt((${variance}) / ${count})`;
  return side === '-' ? `max(-1.0, ${end})` : `min(1.0, ${end})`;
}

/** One end of Wilson's interval of a share. @param z number; beside it the columns `right` and `total` */
export function wilsonEnd(side: '-' | '+', z: number): string {
  const square = z * z;
  const half = `${z} * sqrt(1.0 * "right" * (total - "right") / total + ${square / 4})`;
  const end = `("right" + ${square / 2} ${side} ${half}) / (total + ${square})`;
  // At 0 and 1 the last bits could lead beyond.
  return side === '-' ? `max(0.0, ${end})` : `min(1.0, ${end})`;
}
