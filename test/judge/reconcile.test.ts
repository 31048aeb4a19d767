import { describe, expect, it } from 'vitest';
import {
  type Outcome,
  POLICIES,
  type Policy,
  PREFERENCES,
  type Preference,
  SLOT_VERDICTS,
} from '../../src/core/domain.ts';
import { countOutcomes, outcomeValue, toOutcome } from '../../src/judge/reconcile.ts';
import { preferenceOf } from '../support/oracles/preference.ts';

/** Every pair of preferences once. */
const ALL: readonly Outcome[] = PREFERENCES.flatMap((ab) =>
  PREFERENCES.map((ba) => ({ instructionId: `${ab} ${ba}`, ab, ba })),
);

function swapped(preference: Preference): Preference {
  if (preference === 'a') return 'b';
  return preference === 'b' ? 'a' : preference;
}

describe('toOutcome', () => {
  it('maps the slots of both orders to the models, for every pair of verdicts', () => {
    for (const ab of SLOT_VERDICTS) {
      for (const ba of SLOT_VERDICTS) {
        expect(toOutcome('x', ab, ba)).toEqual({
          instructionId: 'x',
          ab: preferenceOf({ order: 'ab', slotVerdict: ab }),
          ba: preferenceOf({ order: 'ba', slotVerdict: ba }),
        });
      }
    }
  });
});

describe('countOutcomes', () => {
  // ab, ba, then W L T malformed under average, conflict-is-tie, pandalm-author, both-agree
  it.each([
    ['a', 'a', [1, 0, 0, 0], [1, 0, 0, 0], [1, 0, 0, 0], [1, 0, 0, 0]],
    ['b', 'b', [0, 1, 0, 0], [0, 1, 0, 0], [0, 1, 0, 0], [0, 1, 0, 0]],
    ['tie', 'tie', [0, 0, 1, 0], [0, 0, 1, 0], [0, 0, 1, 0], [0, 0, 1, 0]],
    ['a', 'b', [0.5, 0.5, 0, 0], [0, 0, 1, 0], [0, 0, 1, 0], [0, 0, 1, 0]],
    ['b', 'a', [0.5, 0.5, 0, 0], [0, 0, 1, 0], [0, 0, 1, 0], [0, 0, 1, 0]],
    ['a', 'tie', [0.5, 0, 0.5, 0], [1, 0, 0, 0], [1, 0, 0, 0], [0, 0, 1, 0]],
    ['tie', 'b', [0, 0.5, 0.5, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 1, 0]],
    ['a', 'malformed', [0.5, 0, 0, 0.5], [0, 0, 0, 1], [0, 0, 0, 1], [0, 0, 0, 1]],
    ['malformed', 'tie', [0, 0, 0.5, 0.5], [0, 0, 0, 1], [0, 0, 0, 1], [0, 0, 0, 1]],
    ['malformed', 'malformed', [0, 0, 0, 1], [0, 0, 0, 1], [0, 0, 0, 1], [0, 0, 0, 1]],
  ] as const)('reconciles %s and %s', (ab, ba, average, conflictIsTie, author, bothAgree) => {
    const outcome = { instructionId: '', ab, ba };
    const expected = {
      average,
      'conflict-is-tie': conflictIsTie,
      'pandalm-author': author,
      'both-agree': bothAgree,
    };
    for (const [policy, [wins, losses, ties, malformed]] of Object.entries(expected)) {
      const counts = countOutcomes([outcome], policy as Policy);
      expect(counts, policy).toEqual({ wins, losses, ties, malformed, total: 1 });
    }
  });

  it('counts verdicts, not instructions, under pooled', () => {
    expect(countOutcomes(ALL, 'pooled')).toEqual({ wins: 8, losses: 8, ties: 8, malformed: 8, total: 32 });
  });

  it.each(POLICIES)('adds up to the total under %s, whatever the rule for malformed', (policy) => {
    for (const rule of ['tie', 'dropped'] as const) {
      const { wins, losses, ties, malformed, total } = countOutcomes(ALL, policy, rule);
      expect(wins + losses + ties + malformed).toBe(total);
      expect(total).toBe(policy === 'pooled' ? 32 : 16);
    }
  });

  it('follows the first order under pandalm-author, whatever model b would gain by standing there', () => {
    const [tieFirst, winFirst] = [toOutcome('', 'tie', '2'), toOutcome('', '1', 'tie')];
    expect(countOutcomes([tieFirst, winFirst], 'pandalm-author')).toMatchObject({
      wins: 1,
      ties: 1,
      total: 2,
    });
  });

  it.each(POLICIES.filter((policy) => policy !== 'pandalm-author'))(
    'gives cell(a, b) = −cell(b, a) under %s',
    (policy) => {
      for (const { ab, ba } of ALL) {
        const forward = outcomeValue({ instructionId: '', ab, ba }, policy);
        const backward = outcomeValue({ instructionId: '', ab: swapped(ba), ba: swapped(ab) }, policy);
        expect(forward + backward).toBe(0);
      }
    },
  );

  it.each(POLICIES)('calls malformed a tie where told so, before %s looks at it', (policy) => {
    const tied = ALL.map(({ ab, ba }) => ({
      instructionId: '',
      ab: ab === 'malformed' ? ('tie' as const) : ab,
      ba: ba === 'malformed' ? ('tie' as const) : ba,
    }));
    expect(countOutcomes(ALL, policy, 'tie')).toEqual(countOutcomes(tied, policy));
  });

  it('gives identical answers a score of 0 under average: both orders are one prompt with one verdict', () => {
    for (const verdict of ['1', '2', 'tie', 'malformed'] as const) {
      expect(outcomeValue(toOutcome('', verdict, verdict), 'average')).toBe(0);
    }
  });

  it('gives zeros for no outcomes, which scoring refuses', () => {
    expect(countOutcomes([], 'average')).toEqual({ wins: 0, losses: 0, ties: 0, malformed: 0, total: 0 });
  });
});
