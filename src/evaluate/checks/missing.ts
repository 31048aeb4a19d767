import type { Progress } from '../../core/progress.ts';

/** Responses or verdicts that a stage did not get. Nothing is stored for them, so the next run tries only these again. */
export interface MissingResults {
  /** `SFT: answers` */
  readonly label: string;
  /** Of all results, stored ones included. */
  readonly total: number;
  /** Why, one string for each missing result. */
  readonly reasons: readonly string[];
}

/** Reasons are error messages of servers: there can be many. */
const MAX_REASONS = 5;

export function countMissing(missing: readonly MissingResults[]): number {
  return missing.reduce((sum, { reasons }) => sum + reasons.length, 0);
}

/** Notes what is missing and why. Returns it as a list, which is empty if nothing is missing. */
export function noteMissing(progress: Progress, missing: MissingResults): MissingResults[] {
  const { label, total, reasons } = missing;
  if (reasons.length === 0) return [];
  progress.note(`${label}: ${reasons.length} of ${total} missing (${groupReasons(reasons)})`);
  return [missing];
}

/** Most frequent first: `4 HTTP 429, 1 no answer within 5 s`. */
function groupReasons(reasons: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  const sorted = [...counts].sort(([, left], [, right]) => right - left);
  const rest = sorted.slice(MAX_REASONS).reduce((sum, [, count]) => sum + count, 0);
  const shown = sorted.slice(0, MAX_REASONS).map(([reason, count]) => `${count} × ${reason}`);
  return [...shown, ...(rest > 0 ? [`${rest} × other reasons`] : [])].join('; ');
}
