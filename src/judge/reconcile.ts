/**
 * Makes one count of a pair's two verdicts, one for each order. The policies:
 *
 * - `average`: each order counts half; T is the number of instructions, halves occur.
 * - `pooled`: each order counts whole; T is the number of verdicts, twice the instructions. The same score as
 *   `average`.
 * - `conflict-is-tie`: a win for a and a win for b make a tie; a win and a tie make a win, for a tie does not
 *   contradict it. T is the number of instructions.
 * - `pandalm-author`: a win for a and a win for b make a tie; else the order `ab` decides. T is the number of
 *   instructions. The one policy under which cell(a, b) is not −cell(b, a).
 * - `both-agree`: a win only if both orders say so, else a tie. T is the number of instructions.
 *
 * `policies.ts` names the publication of each.
 *
 * What happens to a malformed verdict:
 *
 * - `dropped` (default): it is no win, loss or tie but counts as `malformed`, and stays in T: under every
 *   policy wins + losses + ties + malformed = total, and a judge that gives no verdict pulls the score
 *   towards 0 visibly. Under the policies that reconcile one malformed verdict makes the pair
 *   malformed: half a reading of a pair has the judge's position bias in full.
 * - `tie` (what PandaLM's code does silently): it is a tie before the policy looks at it; `malformed` is then
 *   0.
 */

import {
  type Counts,
  type MalformedRule,
  type Outcome,
  type Policy,
  PREFERENCE_OF,
  type Preference,
  type SlotVerdict,
} from '../core/domain.ts';

/** How many units a pair adds to each class. */
type Tally = Record<Preference, number>;

/** Both orders of one pair. Two identical responses are one prompt: give its one verdict twice. */
export function toOutcome(instructionId: string, ab: SlotVerdict, ba: SlotVerdict): Outcome {
  return {
    instructionId,
    ab: PREFERENCE_OF.ab[ab],
    ba: PREFERENCE_OF.ba[ba],
  };
}

/** Counts of a cell from its outcomes, both orders together. No outcomes give zeros; scoring them throws. */
export function countOutcomes(
  outcomes: readonly Outcome[],
  policy: Policy,
  malformedRule: MalformedRule = 'dropped',
): Counts {
  return toCounts(outcomes.map((outcome) => tallyOutcome(outcome, policy, malformedRule)));
}

/**
 * What one pair adds to a cell's score, in [−1, 1]: the score is the mean of these over the instructions,
 * under every policy. This is what the bootstrap resamples and the sign test looks at.
 */
export function outcomeValue(
  outcome: Outcome,
  policy: Policy,
  malformedRule: MalformedRule = 'dropped',
): number {
  const { a, b, tie, malformed } = tallyOutcome(outcome, policy, malformedRule);
  return (a - b) / (a + b + tie + malformed);
}

function tallyOutcome(outcome: Outcome, policy: Policy, malformedRule: MalformedRule): Tally {
  const ab = ruled(outcome.ab, malformedRule);
  const ba = ruled(outcome.ba, malformedRule);
  switch (policy) {
    case 'average':
      return add(unit(ab, 0.5), unit(ba, 0.5));
    case 'pooled':
      return add(unit(ab), unit(ba));
    case 'conflict-is-tie':
      return unit(unlessMalformed(ab, ba, withoutConflict(ab, ba)));
    case 'pandalm-author':
      return unit(unlessMalformed(ab, ba, isConflict(ab, ba) ? 'tie' : ab));
    case 'both-agree':
      return unit(unlessMalformed(ab, ba, ab === ba ? ab : 'tie'));
    default:
      throw new Error(`Unknown policy ${policy satisfies never}`);
  }
}

function ruled(preference: Preference, malformedRule: MalformedRule): Preference {
  return preference === 'malformed' && malformedRule === 'tie' ? 'tie' : preference;
}

function unlessMalformed(ab: Preference, ba: Preference, reconciled: Preference): Preference {
  return ab === 'malformed' || ba === 'malformed' ? 'malformed' : reconciled;
}

function withoutConflict(ab: Preference, ba: Preference): Preference {
  if (isConflict(ab, ba)) return 'tie';
  return ab === 'tie' ? ba : ab;
}

/** Each order names another winner. */
function isConflict(ab: Preference, ba: Preference): boolean {
  return ab !== ba && ab !== 'tie' && ba !== 'tie';
}

function unit(preference: Preference, amount = 1): Tally {
  const tally: Tally = { a: 0, b: 0, tie: 0, malformed: 0 };
  tally[preference] = amount;
  return tally;
}

function add(left: Tally, right: Tally): Tally {
  return {
    a: left.a + right.a,
    b: left.b + right.b,
    tie: left.tie + right.tie,
    malformed: left.malformed + right.malformed,
  };
}

function toCounts(tallies: readonly Tally[]): Counts {
  const { a, b, tie, malformed } = tallies.reduce(add, { a: 0, b: 0, tie: 0, malformed: 0 });
  return { wins: a, losses: b, ties: tie, malformed, total: a + b + tie + malformed };
}
