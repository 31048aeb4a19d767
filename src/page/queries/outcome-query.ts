/** What two runs are compared by. */
import type { Preference } from '../../core/domain.ts';
import type { Reader } from '../../store/database.ts';

export interface PairVerdicts {
  readonly exitA: number;
  readonly exitB: number;
  readonly instructionId: string;
  readonly ab: Preference | null;
  readonly ba: Preference | null;
}

/** Every pair of a comparison that has a verdict. */
export function readPairOutcomes(store: Reader, run: string, comparison: string): PairVerdicts[] {
  return store.all<PairVerdicts>(
    `SELECT exit_a AS exitA, exit_b AS exitB, instruction_id AS instructionId,
       max(preference) FILTER (WHERE ord = 'ab') AS ab, max(preference) FILTER (WHERE ord = 'ba') AS ba
     FROM verdicts WHERE run = @run AND comparison = @comparison GROUP BY exit_a, exit_b, instruction_id`,
    { run, comparison },
  );
}
