import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  MALFORMED_RULES,
  type Outcome,
  POLICIES,
  type Preference,
  type SlotVerdict,
} from '../../src/core/domain.ts';
import { countOutcomes, outcomeValue, toOutcome } from '../../src/judge/reconcile.ts';
import { scoreOf } from '../../src/metrics/score.ts';
import { check } from './check.ts';

const slotVerdict = fc.constantFrom<SlotVerdict>('1', '2', 'tie', 'malformed');
const verdicts = fc.array(fc.tuple(slotVerdict, slotVerdict), { minLength: 1, maxLength: 12 });
const rules = { policy: fc.constantFrom(...POLICIES), malformed: fc.constantFrom(...MALFORMED_RULES) };
const cell = fc.record({ ...rules, verdicts });
/** `pandalm-author` follows the first order: which model is a makes a difference. */
const evenRules = {
  ...rules,
  policy: fc.constantFrom(...POLICIES.filter((one) => one !== 'pandalm-author')),
};
const evenCell = fc.record({ ...evenRules, verdicts });

const outcomesOf = (pairs: readonly (readonly [SlotVerdict, SlotVerdict])[]) =>
  pairs.map(([ab, ba], index) => toOutcome(`i${index}`, ab, ba));
const swapOrders = ({ instructionId, ab, ba }: Outcome): Outcome => ({ instructionId, ab: ba, ba: ab });
/** Adding 0 makes 0 of −0, which is the same score. */
const negated = (value: number) => -value + 0;

describe('the two verdicts of a pair', () => {
  it('favour the other model when the models change places: what was order ab is then order ba', () => {
    const other: Record<Preference, Preference> = { a: 'b', b: 'a', tie: 'tie', malformed: 'malformed' };
    check(fc.tuple(slotVerdict, slotVerdict), ([ab, ba]) => {
      const { ab: first, ba: second } = toOutcome('i', ab, ba);
      expect(toOutcome('i', ba, ab)).toEqual({ instructionId: 'i', ab: other[second], ba: other[first] });
    });
  });

  it('give the negative value for the swapped models, under every even policy and rule', () => {
    check(fc.record({ ...evenRules, ab: slotVerdict, ba: slotVerdict }), ({ ab, ba, policy, malformed }) => {
      const value = (first: SlotVerdict, second: SlotVerdict) =>
        outcomeValue(toOutcome('i', first, second), policy, malformed);
      expect(value(ba, ab)).toBe(negated(value(ab, ba)));
    });
  });

  it('count the same whichever order was read first, but under pandalm-author', () => {
    check(evenCell, ({ verdicts, policy, malformed }) => {
      const outcomes = outcomesOf(verdicts);
      const counts = countOutcomes(outcomes, policy, malformed);
      expect(countOutcomes(outcomes.map(swapOrders), policy, malformed)).toEqual(counts);
    });
  });
});

describe('a cell of drawn verdicts', () => {
  it('has wins and losses in exchange, and the negative score, for the swapped models', () => {
    check(evenCell, ({ verdicts, policy, malformed }) => {
      const { score, wins, losses, ...rest } = scoreOf(
        countOutcomes(outcomesOf(verdicts), policy, malformed),
      );
      const swapped = outcomesOf(verdicts.map(([ab, ba]) => [ba, ab] as const));
      expect(scoreOf(countOutcomes(swapped, policy, malformed))).toEqual({
        ...rest,
        wins: losses,
        losses: wins,
        score: negated(score),
      });
    });
  });

  it('has classes that add up to the total, and a score that is the mean of its pairs’ values', () => {
    check(cell, ({ verdicts, policy, malformed }) => {
      const outcomes = outcomesOf(verdicts);
      const { score, ...counts } = scoreOf(countOutcomes(outcomes, policy, malformed));
      expect(counts.wins + counts.losses + counts.ties + counts.malformed).toBe(counts.total);
      expect(counts.total).toBe(verdicts.length * (policy === 'pooled' ? 2 : 1));
      const values = outcomes.map((outcome) => outcomeValue(outcome, policy, malformed));
      expect(score).toBeCloseTo(values.reduce((sum, value) => sum + value, 0) / values.length, 12);
    });
  });
});
