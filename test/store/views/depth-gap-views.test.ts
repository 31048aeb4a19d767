import { describe, expect, it } from 'vitest';
import { DEFAULT_MARGIN, MALFORMED_RULES, POLICIES, SLOT_VERDICTS } from '../../../src/core/domain.ts';
import { outcomeValue, toOutcome } from '../../../src/judge/reconcile.ts';
import { MIN_INSTRUCTIONS } from '../../../src/metrics/not-worse.ts';
import type { Store } from '../../../src/store/database.ts';
import { saveResponses } from '../../../src/store/tables/response-table.ts';
import { openRun, saveMargin } from '../../../src/store/tables/run-table.ts';
import { gapInterval } from '../../support/oracles/gap-interval.ts';
import { seededRandom } from '../../support/random.ts';
import { saveTimed } from '../../support/timed-speed.ts';
import { instructions, judgedRun, LOSS, repeated, TIE, type Verdicts, WIN } from '../judged-run.ts';
import { emptyStore, rowsOf, sampleStore } from '../sample.ts';
import { responsesOf, setup } from '../sample-run.ts';

const ofSoft = (store: Store) =>
  rowsOf(store, 'depth_gaps').filter(({ model, measure }) => model === 'soft' && measure === 'score');
const standings = (store: Store) => ofSoft(store).map(({ exit, standing }) => [exit, standing]);

describe('depth_gaps: exits beside full depth', () => {
  it('says what is so by construction: an exit that always loses is worse, one that always ties is not', () => {
    const store = judgedRun({ 3: repeated([LOSS, 100]), 4: repeated([TIE, 100]) });
    expect(standings(store)).toEqual([
      [3, 'worse'],
      [4, 'not worse'],
    ]);
  });

  it('never makes a tie of an interval that is wide: wins and losses in balance are not decided', () => {
    const balanced = repeated([WIN, 20], [LOSS, 20]);
    expect(standings(judgedRun({ 3: balanced, 4: balanced }))).toEqual([
      [3, 'not decided'],
      [4, 'not decided'],
    ]);
  });

  it.each([
    [MIN_INSTRUCTIONS - 1, 'not decided'],
    [MIN_INSTRUCTIONS + 20, 'not worse'],
  ])('of %d instructions that all tie says %s', (count, standing) => {
    const all = repeated([TIE, count]);
    expect(standings(judgedRun({ 3: all, 4: all }))).toEqual([
      [3, standing],
      [4, standing],
    ]);
  });

  it("goes by the run's margin, and without one by the default", () => {
    const store = judgedRun({ 3: repeated([LOSS, 3], [TIE, 57]), 4: repeated([TIE, 60]) });
    expect(ofSoft(store)[0]).toMatchObject({ margin: DEFAULT_MARGIN, standing: 'not decided' });
    saveMargin(store, 'nano', 0.2);
    expect(ofSoft(store)[0]).toMatchObject({ margin: 0.2, standing: 'not worse' });
  });

  it('sets the exits of both models beside full depth of the other', () => {
    const store = judgedRun({ 3: repeated([LOSS, 40]), 4: repeated([WIN, 40]) });
    const rows = rowsOf(store, 'depth_gaps').filter(({ measure }) => measure === 'score');
    expect(
      rows.map(({ model, exit, reference_model, reference_exit, difference, exits }) => [
        model,
        exit,
        reference_model,
        reference_exit,
        difference,
        exits,
      ]),
    ).toEqual([
      ['sft', 4, 'soft', 4, -1, 1],
      ['soft', 3, 'sft', 4, -1, 2],
      ['soft', 4, 'sft', 4, 1, 2],
    ]);
  });

  const random = seededRandom(5);
  const drawn = () =>
    Array.from(
      { length: 40 },
      (): Verdicts => [SLOT_VERDICTS[random.below(4)]!, SLOT_VERDICTS[random.below(4)]!],
    );
  it.each(POLICIES.flatMap((policy) => MALFORMED_RULES.map((rule) => [policy, rule] as const)))(
    'counts pairs as the score does under %s with malformed %s, with the interval of an oracle',
    (policy, rule) => {
      const byExit = { 3: drawn(), 4: drawn() };
      for (const row of ofSoft(judgedRun(byExit, policy, rule))) {
        const values = byExit[row['exit'] as 3 | 4].map(([ab, ba]) =>
          outcomeValue(toOutcome('', ab, ba), policy, rule),
        );
        const { mean, low, high } = gapInterval(values, 2);
        expect(row['difference']).toBeCloseTo(mean, 12);
        expect(row['ci_low']).toBeCloseTo(low, 5);
        expect(row['ci_high']).toBeCloseTo(high, 5);
      }
    },
  );

  it('sets known answers beside full depth of every model, without any judge', () => {
    const store = emptyStore();
    const set = instructions(50);
    openRun(store, setup({ instructions: set, comparisons: [] }));
    const say = (right: number) =>
      Object.fromEntries(set.map(({ id }, index) => [id, index < right ? 'yes' : 'no']));
    for (const [model, exit, right] of [
      ['soft', 3, 10],
      ['soft', 4, 50],
      ['sft', 3, 48],
      ['sft', 4, 50],
    ] as const)
      saveResponses(store, 'nano', responsesOf(model, exit, say(right)));
    const rows = rowsOf(store, 'depth_gaps');
    expect(
      rows.map(({ measure, model, exit, reference_model, difference, exits, standing }) => [
        measure,
        model,
        exit,
        reference_model,
        difference,
        exits,
        standing,
      ]),
    ).toEqual([
      ['exact match', 'sft', 3, 'sft', -0.04, 1, 'not decided'],
      ['exact match', 'sft', 3, 'soft', -0.04, 2, 'not decided'],
      ['exact match', 'sft', 4, 'soft', 0, 2, 'not worse'],
      ['exact match', 'soft', 3, 'sft', -0.8, 2, 'worse'],
      ['exact match', 'soft', 4, 'sft', 0, 2, 'not worse'],
      ['exact match', 'soft', 3, 'soft', -0.8, 1, 'worse'],
    ]);
  });

  it('decides nothing where full depth is right so seldom that no exit could be worse, unless one is better', () => {
    const store = emptyStore();
    const set = instructions(200);
    openRun(store, setup({ instructions: set, comparisons: [] }));
    for (const [model, exit, right] of [
      ['soft', 3, 0],
      ['soft', 4, 10],
      ['sft', 3, 150],
      ['sft', 4, 150],
    ] as const) {
      const texts = set.map(({ id }, index) => [id, index < right ? 'yes' : 'no'] as const);
      saveResponses(store, 'nano', responsesOf(model, exit, Object.fromEntries(texts)));
    }
    const besideSoft = rowsOf(store, 'depth_gaps').filter((row) => row['reference_model'] === 'soft');
    expect(besideSoft.map(({ model, exit, standing }) => [model, exit, standing])).toEqual([
      ['sft', 3, 'not worse'],
      ['sft', 4, 'not worse'],
      ['soft', 3, 'not decided'],
    ]);
  });
});

describe('speed_ratios', () => {
  const timed = (soft: readonly number[], sft: readonly number[]) => {
    const store = sampleStore();
    const at = { batchSize: 1, tokens: 100 };
    saveTimed(store, 'nano', [
      { ...at, model: 'soft', exit: 3, durationsMs: soft },
      { ...at, model: 'sft', exit: 4, durationsMs: sft },
    ]);
    return rowsOf(store, 'speed_ratios');
  };

  it('compares within each round, so that a machine that slows down changes nothing', () => {
    const slower = [1, 2, 4, 8, 16, 32];
    const [row] = timed(
      slower,
      slower.map((ms) => 3 * ms),
    );
    expect(row).toMatchObject({
      model: 'soft',
      exit: 3,
      reference_model: 'sft',
      reference_exit: 4,
      rounds: 6,
    });
    expect(row).toMatchObject({ ratio: 3, ci_low: 3, ci_high: 3 });
  });

  it('has the median of the rounds and, from six, its interval', () => {
    expect(timed([1, 1, 1], [2, 3, 10])[0]).toMatchObject({ ratio: 3, ci_low: null, ci_high: null });
    expect(timed([1, 1, 1, 1, 1, 1], [2, 3, 4, 5, 6, 10])[0]).toMatchObject({
      ratio: 4.5,
      ci_low: 2,
      ci_high: 10,
    });
  });
});
