/** Verdicts in words. Pure. */
import type { VerdictRow } from '../../queries/cell-query.ts';
import { stateName } from '../state-text.ts';

export function preferenceText(
  { preference, state }: Pick<VerdictRow, 'preference' | 'state'>,
  [a, b]: readonly [a: string, b: string],
): string {
  switch (preference) {
    case 'a':
      return `Prefers ${a}`;
    case 'b':
      return `Prefers ${b}`;
    case 'tie':
      return 'Tie';
    default:
      return state === 'answered'
        ? 'Malformed: no verdict can be read'
        : `Malformed: the judge gave no verdict (${stateName(state)})`;
  }
}
