import type { Progress } from '../../core/progress.ts';

/** Answers or verdicts that could not be had. Nothing is stored for them, so the next call asks for just those. */
export interface MissingResults {
  /** `SFT: answers` */
  readonly label: string;
  /** What was to be had, what is known included. */
  readonly total: number;
  /** Why, one text for each. */
  readonly reasons: readonly string[];
}

/** Reasons are the servers' words and may be many. */
const REASONS_SHOWN = 5;

export function countMissing(missing: readonly MissingResults[]): number {
  return missing.reduce((sum, { reasons }) => sum + reasons.length, 0);
}

/** Says what is missing and why; `[]` where nothing is. */
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
  const rest = sorted.slice(REASONS_SHOWN).reduce((sum, [, count]) => sum + count, 0);
  const shown = sorted.slice(0, REASONS_SHOWN).map(([reason, count]) => `${count} × ${reason}`);
  return [...shown, ...(rest > 0 ? [`${rest} × other reasons`] : [])].join('; ');
}
