/** Whether two results files say the same, but for the last bits of float32 sums: a batch of other requests adds in another order. */
import type { ContentDump } from '../../../test/support/content-dump.ts';

/** Relative above 1, absolute below; in nats where KL and loglikelihood are compared. */
export const TOLERANCE = 1e-4;

type Row = ContentDump[string][number];

export interface Differences {
  /** One line each. */
  readonly lines: readonly string[];
  /** Largest distance of two numbers that are no integers, as `TOLERANCE` measures it. */
  readonly largest: number;
}

export function differencesOf(found: ContentDump, wanted: ContentDump): Differences {
  const tables = [...new Set([...Object.keys(found), ...Object.keys(wanted)])];
  const compared = tables.map((table) => differenceOf(table, found[table] ?? [], wanted[table] ?? []));
  return {
    lines: compared.flatMap(({ line }) => line ?? []),
    largest: Math.max(0, ...compared.map(({ largest }) => largest)),
  };
}

/** Keys are the first columns, so rows of one key stand at one place of both. */
function differenceOf(table: string, found: readonly Row[], wanted: readonly Row[]) {
  if (found.length !== wanted.length)
    return { line: `table ${table}: expected ${wanted.length} rows, found ${found.length}`, largest: 0 };
  const distances = found.map((row, index) => rowDistance(row, wanted[index]!));
  // NaN is far, too.
  const far = distances.filter((distance) => !(distance <= TOLERANCE)).length;
  const largest = Math.max(0, ...distances.filter(Number.isFinite));
  return far === 0 ? { largest } : { line: `table ${table}: ${far} of ${found.length} rows differ`, largest };
}

/** Infinite where anything else than a number that is no integer differs. */
function rowDistance(found: Row, wanted: Row): number {
  return Math.max(0, ...Object.keys(wanted).map((column) => distanceOf(found[column], wanted[column])));
}

/** 0 for equal values, infinite where they differ in more than a number that is no integer. */
export function distanceOf(found: unknown, wanted: unknown): number {
  if (found === wanted) return 0;
  if (typeof found !== 'number' || typeof wanted !== 'number') return Number.POSITIVE_INFINITY;
  if (Number.isInteger(found) && Number.isInteger(wanted)) return Number.POSITIVE_INFINITY;
  return Math.abs(found - wanted) / Math.max(1, Math.abs(wanted));
}
