import { describe, expect, it } from 'vitest';
import type { Order, Policy, SlotVerdict } from '../../../src/core/domain.ts';
import { lengthPreference } from '../../../src/metrics/length-preference.ts';
import type { Store } from '../../../src/store/database.ts';
import { humanAgreementRead, judgeAgreementRead } from '../../../src/store/read/judge-reads.ts';
import { read } from '../../../src/store/read/read.ts';
import { saveHumanAgreement } from '../../../src/store/tables/human-agreement-table.ts';
import { saveJudge } from '../../../src/store/tables/judge-table.ts';
import { readOutcomes } from '../../../src/store/tables/judgement-table.ts';
import { readResponses, saveResponses } from '../../../src/store/tables/response-table.ts';
import { openRun } from '../../../src/store/tables/run-table.ts';
import { type CellScore, saveScores } from '../../../src/store/tables/score-table.ts';
import { flipRate } from '../../support/oracles/flip-rate.ts';
import { judgeVsKnown, type KnownPair } from '../../support/oracles/judge-vs-known.ts';
import { countOrder, preferenceOf } from '../../support/oracles/preference.ts';
import { emptyStore, rowsOf, sampleStore } from '../sample.ts';
import { JUDGE, responsesOf, saveVerdicts, setup, verdict } from '../sample-run.ts';

const CELL = {
  run: 'nano',
  comparison: 'soft-vs-sft',
  model_a: 'soft',
  exit_a: 4,
  model_b: 'sft',
  exit_b: 4,
};
const JUDGED_BY = { judge: JUDGE.judge, judge_deviations: 'greedy decoding; no penalty' };

describe('views over verdicts and scores', () => {
  it('cells: counts the verdicts of each order', () => {
    expect(rowsOf(sampleStore(), 'cells')).toEqual([
      { ...CELL, ord: 'ab', wins: 2, losses: 0, ties: 1, malformed: 0, verdicts: 3, ...JUDGED_BY },
      { ...CELL, ord: 'ba', wins: 1, losses: 1, ties: 1, malformed: 0, verdicts: 3, ...JUDGED_BY },
    ]);
  });

  it('judge_agreement: one pair has one right answer, and both orders prefer it', () => {
    expect(rowsOf(sampleStore(), 'judge_agreement')).toEqual([
      {
        run: 'nano',
        comparison: 'soft-vs-sft',
        pairs: 3,
        kept_pairs: 2,
        kept_share: 2 / 3,
        winner_pairs: 1,
        agreeing_verdicts: 2,
        agreement: 1,
        kept_winner_pairs: 1,
        kept_winner_share: 1,
        ...JUDGED_BY,
      },
    ]);
  });

  it('judge_agreement: says nothing about agreement where no winner is known', () => {
    const store = emptyStore();
    openRun(store, setup());
    saveJudge(store, 'nano', JUDGE);
    saveVerdicts(store, 'nano', [verdict('i-free', 'ab', 'malformed'), verdict('i-free', 'ba', 'malformed')]);
    expect(rowsOf(store, 'judge_agreement')).toMatchObject([
      {
        pairs: 1,
        kept_pairs: 0,
        winner_pairs: 0,
        agreeing_verdicts: 0,
        agreement: null,
        kept_winner_share: null,
      },
    ]);
  });

  it('judge_agreement: counts as the oracle judge-vs-known does, for all texts and verdicts', () => {
    const store = manyPairs();
    const texts = (model: string) => readResponses(store, 'nano', { model, exit: 4 });
    const [soft, sft] = [texts('soft'), texts('sft')];
    const pairs = readOutcomes(store, 'nano', 'soft-vs-sft')[0]!.outcomes.map((outcome): KnownPair => {
      const id = outcome.instructionId;
      return { answerA: soft.get(id)!.text!, answerB: sft.get(id)!.text!, known: 'yes', outcome };
    });
    const { agreement, kept, keptWhereDecided } = judgeVsKnown(pairs);
    const [row] = read(store, judgeAgreementRead('nano'));
    expect(row!.agreeingVerdicts / 2).toBe(agreement.count);
    expect([row!.winnerPairs, row!.consistentPairs, row!.pairs]).toEqual([
      agreement.total,
      kept.count,
      kept.total,
    ]);
    expect(row!.consistentWinnerPairs).toBe(keptWhereDecided.count);
    expect(row!.winnerPairs).toBe(32);
  });

  it('position_bias: counts as the oracle flip-rate does, for all texts and verdicts', () => {
    const store = manyPairs();
    const { flips, firstSlot } = flipRate(readOutcomes(store, 'nano', 'soft-vs-sft')[0]!.outcomes);
    expect(rowsOf(store, 'position_bias')).toEqual([
      {
        ...CELL,
        pairs: flips.total,
        flips: flips.count,
        flip_rate: flips.share,
        named_slots: firstSlot.total,
        first_slots: firstSlot.count,
        first_slot_share: firstSlot.share,
        ...JUDGED_BY,
      },
    ]);
    expect(flips.count).toBeGreaterThan(0);
  });

  it('cells and verdicts: prefer and count as the oracle preference does, for all verdicts', () => {
    const store = manyPairs();
    const verdicts = rowsOf(store, 'verdicts');
    expect(verdicts).toHaveLength(128);
    for (const { ord, slot_verdict, preference } of verdicts) {
      const verdict = { order: ord as Order, slotVerdict: slot_verdict as SlotVerdict };
      expect(preference).toBe(preferenceOf(verdict));
    }
    const outcomes = readOutcomes(store, 'nano', 'soft-vs-sft')[0]!.outcomes;
    for (const { ord, wins, losses, ties, malformed, verdicts: total } of rowsOf(store, 'cells')) {
      const counts = countOrder(outcomes, ord as Order, 'dropped');
      expect({ wins, losses, ties, malformed, total }).toEqual(counts);
    }
  });

  it('human_agreement: belongs to every run of the same judge with the same settings', () => {
    const store = sampleStore();
    const measured = { labels: 'labels.json', labelsSha256: 'x', malformedRule: 'tie', pairs: 999 } as const;
    const numbers = { accuracy: 0.6677, accuracyLow: 0.62, accuracyHigh: 0.71, macroF1: 0.5743, kappa: null };
    const { judgeKey, decoding } = JUDGE;
    saveHumanAgreement(store, {
      judgeKey,
      decoding: { mode: 'other' },
      ...measured,
      ...numbers,
      accuracy: 0,
    });
    expect(read(store, humanAgreementRead('nano'))).toEqual([]);
    saveHumanAgreement(store, { judgeKey, decoding, ...measured, ...numbers, accuracy: 0.5 });
    saveHumanAgreement(store, { judgeKey, decoding, ...measured, ...numbers });
    const { labelsSha256, ...shown } = measured;
    expect(read(store, humanAgreementRead('nano'))).toEqual([{ ...shown, ...numbers }]);
  });

  it("scores: one row for each cell, under the run's policy; scores_by_policy: all of them", () => {
    const store = sampleStore();
    const counts = { wins: 1.5, losses: 0.5, ties: 1, malformed: 0, total: 3, score: 1 / 3 };
    const interval = { ciLow: null, ciHigh: null, pValue: null, pHolm: null };
    const cell = { comparison: 'soft-vs-sft', exitA: 4, exitB: 4, malformedRule: 'dropped' } as const;
    const under = (policy: Policy): CellScore => ({ ...cell, policy, ...counts, ...interval });
    expect(rowsOf(store, 'scores')).toEqual([]);
    saveScores(store, 'nano', 'average', [under('pooled'), under('average')]);
    const nulls = {
      ci_low: null,
      ci_high: null,
      p_value: null,
      p_holm: null,
    };
    const row = {
      ...{ ...CELL, policy: 'average', ...counts, ...nulls, malformed_rule: 'dropped' },
      // Two verdicts are on the one pair with one right answer, and both prefer it.
      ...{ judge_agreement: 1, ...JUDGED_BY },
    };
    expect(rowsOf(store, 'scores')).toEqual([row]);
    expect(rowsOf(store, 'scores_by_policy')).toEqual([row, { ...row, policy: 'pooled' }]);
  });
});

describe('length_bias', () => {
  it('counts verdicts for the longer response, the shorter one, and one of equal length apart, as the oracle does', () => {
    const store = manyPairs();
    const [row] = rowsOf(store, 'length_bias');
    const pairs = rowsOf(store, 'verdicts').map(({ instruction_id, preference }) => {
      const text = (model: string) =>
        readResponses(store, 'nano', { model, exit: 4 }).get(String(instruction_id))!.text!;
      return { response1: text('soft'), response2: text('sft'), preference };
    });
    const slot = { a: '1', b: '2', tie: 'tie', malformed: 'malformed' } as const;
    const { longer, equal } = lengthPreference(
      pairs,
      ({ preference }) => slot[preference as keyof typeof slot],
    );
    expect(row).toEqual({
      ...CELL,
      longer: longer.count,
      shorter: longer.total - longer.count,
      longer_share: longer.share,
      equal,
      undecided: 64,
      ...JUDGED_BY,
    });
    expect(longer).toEqual({ count: 16, total: 32, share: 0.5 });
  });

  it('measures code points without the white space at the ends, and knows no share where nothing is longer', () => {
    const store = sampleStore();
    // Paris beats Rome in both orders; Once and Twice get a verdict each; 3 and 3 tie.
    expect(rowsOf(store, 'length_bias')).toMatchObject([{ longer: 3, shorter: 1, longer_share: 0.75 }]);
    store.run("UPDATE judgement SET slot_verdict = 'tie'");
    expect(rowsOf(store, 'length_bias')).toMatchObject([{ longer: 0, longer_share: null, undecided: 6 }]);
  });
});

/** Right or wrong on both sides, times all verdicts in both orders: 64 pairs. */
function manyPairs(): Store {
  const store = emptyStore();
  const verdicts: SlotVerdict[] = ['1', '2', 'tie', 'malformed'];
  const cases = ['yes', 'no'].flatMap((a) =>
    ['yes', 'no'].flatMap((b) => verdicts.flatMap((ab) => verdicts.map((ba) => ({ a, b, ab, ba })))),
  );
  const instructions = cases.map((_, index) => ({
    id: `i${index}`,
    instruction: `${index}`,
    input: '',
    answer: 'yes',
  }));
  openRun(store, setup({ instructions }));
  saveJudge(store, 'nano', JUDGE);
  for (const [index, { a, b, ab, ba }] of cases.entries()) {
    saveResponses(store, 'nano', responsesOf('soft', 4, { [`i${index}`]: a }));
    saveResponses(store, 'nano', responsesOf('sft', 4, { [`i${index}`]: b }));
    saveVerdicts(store, 'nano', [verdict(`i${index}`, 'ab', ab), verdict(`i${index}`, 'ba', ba)]);
  }
  return store;
}
