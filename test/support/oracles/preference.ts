/**
 * Verdicts as preferences, and their counts in one order: the rule as code, where the product has a table and
 * SQL.
 */
import type { Counts, MalformedRule, Order, Outcome, Preference, Verdict } from '../../../src/core/domain.ts';

/** In order `ab` slot 1 is model a, in order `ba` slot 1 is model b. */
export function preferenceOf({ order, slotVerdict }: Verdict): Preference {
  if (slotVerdict === 'tie' || slotVerdict === 'malformed') return slotVerdict;
  return (slotVerdict === '1') === (order === 'ab') ? 'a' : 'b';
}

/** Counts of a cell's verdicts in one order; T is the number of instructions. */
export function countOrder(outcomes: readonly Outcome[], order: Order, malformedRule: MalformedRule): Counts {
  const preferences = outcomes.map((outcome) => outcome[order]);
  const count = (value: Preference) => preferences.filter((preference) => preference === value).length;
  const [ties, malformed] =
    malformedRule === 'tie' ? [count('tie') + count('malformed'), 0] : [count('tie'), count('malformed')];
  return { wins: count('a'), losses: count('b'), ties, malformed, total: outcomes.length };
}
