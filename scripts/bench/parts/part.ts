import type { Goal } from '../goals.ts';

/** What a part of the bench measured. */
export interface PartReport<Data extends object = object> {
  /** Written to its JSON file. */
  readonly data: Data;
  readonly goals: readonly Goal[];
  /** A table of its own, the header first. */
  readonly rows: readonly (readonly string[])[];
  /** A line below the table. */
  readonly note?: string;
}

export function perSecond(count: number, seconds: number): string {
  return (count / seconds).toFixed(1);
}
