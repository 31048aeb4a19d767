/** What two runs are compared by. */
import type { Preference } from '../../core/domain.ts';
import { defineRead, type Read } from '../../store/read/read.ts';

export interface PairVerdicts {
  readonly exitA: number;
  readonly exitB: number;
  readonly instructionId: string;
  readonly ab: Preference | null;
  readonly ba: Preference | null;
}

/** Every pair of a comparison that has a verdict. */
export function pairOutcomesRead(run: string, comparison: string): Read<PairVerdicts> {
  return defineRead(SELECT, { run, comparison });
}

const SELECT = `SELECT exit_a, exit_b, instruction_id, max(preference) FILTER (WHERE ord = 'ab') AS ab,
  max(preference) FILTER (WHERE ord = 'ba') AS ba
FROM verdicts
WHERE run = @run AND comparison = @comparison
GROUP BY exit_a, exit_b, instruction_id`;
