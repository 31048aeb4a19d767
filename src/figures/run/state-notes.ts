/** What figures say about responses that are no answers: they are not judged, and are neither right nor wrong. */
import { subModelName } from '../../core/sub-models.ts';
import type { PairCounts } from '../../store/read/score-reads.ts';
import type { AnswerStates } from '../../store/read/state-reads.ts';

/** One paragraph; none where every response is an answer. */
export function unansweredNotes(states: readonly AnswerStates[]): string[] {
  const some = states.filter(({ answered, responses }) => answered < responses);
  if (some.length === 0) return [];
  const counts = some.map(
    ({ model, exit, answered, responses }) =>
      `${subModelName(model, exit)} answered ${answered} of ${responses}`,
  );
  return [`What is no answer counts as neither right nor wrong and is not judged: ${counts.join(', ')}.`];
}

/** One paragraph; none where every cell has all instructions. */
export function pairCountNotes({ fewest, most, instructions }: PairCounts): string[] {
  if (fewest === null || most === null || fewest === instructions) return [];
  const counted = fewest === most ? `${most}` : `${fewest} to ${most}`;
  return [`Pairs behind a score: ${counted} of ${instructions}; T counts these alone.`];
}
