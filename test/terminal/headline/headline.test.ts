import { describe, expect, it } from 'vitest';
import type { ModelKind } from '../../../src/core/domain.ts';
import { MIN_INSTRUCTIONS } from '../../../src/metrics/not-worse.ts';
import type { DepthGap, SpeedRatio } from '../../../src/store/read/exit-reads.ts';
import type { JudgeTrust } from '../../../src/store/read/judge-reads.ts';
import type { RunHead } from '../../../src/store/read/run-head.ts';
import {
  claimSentence,
  gapNumbers,
  gapRule,
  ratioOf,
  savedLayers,
  shownGap,
  speedWords,
} from '../../../src/terminal/headline/claim-words.ts';
import { claimsOf } from '../../../src/terminal/headline/claims.ts';
import { trustWords } from '../../../src/terminal/headline/trust-words.ts';

function headOf(
  kinds: Readonly<Record<string, ModelKind>>,
  pairs: readonly (readonly [string, string])[],
): RunHead {
  const models = Object.entries(kinds).map(([model, kind]) => ({
    model,
    label: model.toUpperCase(),
    kind,
    layers: 10,
  }));
  const comparisons = pairs.map(([modelA, modelB]) => ({
    name: `${modelA} against ${modelB}`,
    modelA,
    modelB,
    exitsA: [],
    exitsB: [],
  }));
  return { run: 'r', instructions: 170, judge: 'the judge', models, comparisons } as unknown as RunHead;
}

const gap = (change: Partial<DepthGap>): DepthGap => ({
  ...{
    measure: 'score',
    comparison: 'soft against sft',
    model: 'soft',
    exit: 4,
    referenceModel: 'sft',
    referenceExit: 10,
  },
  ...{ n: 170, difference: 0.01, ciLow: -0.04, ciHigh: 0.06, exits: 2, margin: 0.1, standing: 'not worse' },
  ...change,
});
const TRIO = { sft: 'sft', soft: 'soft', early: 'early-exit' } as const;
const known = (model: string, referenceModel: string, change: Partial<DepthGap> = {}) =>
  gap({ measure: 'exact match', comparison: null, model, referenceModel, ...change });

describe('the claims of a run', () => {
  it('name the smallest exit that is not worse, also where a deeper one is not decided', () => {
    const gaps = [
      gap({ exit: 3, standing: 'worse' }),
      gap({ exit: 4 }),
      gap({ exit: 5, standing: 'not decided' }),
      gap({ exit: 10 }),
    ];
    const [claim, ...others] = claimsOf(headOf(TRIO, [['soft', 'sft']]), gaps);
    expect(others).toEqual([]);
    expect(claim!.enough).toBe(gaps[1]);
    expect(claim!.gaps).toEqual(gaps);
  });

  it('set what was trained beside SFT, whichever of the two a comparison names first', () => {
    const comparison = 'sft against soft';
    const gaps = [gap({ comparison }), gap({ comparison, model: 'sft', referenceModel: 'soft' })];
    const claims = claimsOf(headOf(TRIO, [['sft', 'soft']]), gaps);
    expect(claims.map(({ model, referenceModel }) => [model, referenceModel])).toEqual([['soft', 'sft']]);
  });

  it('of models alike take the second as the reference: a run need not have any SFT', () => {
    const comparison = 'p against q';
    const gaps = [
      gap({ comparison, model: 'p', referenceModel: 'q' }),
      gap({ comparison, model: 'q', referenceModel: 'p' }),
    ];
    const claims = claimsOf(headOf({ p: 'plain', q: 'plain' }, [['p', 'q']]), gaps);
    expect(claims.map(({ model }) => model)).toEqual(['p']);
  });

  it('begin with the judge and SFT, then the judge, then known answers', () => {
    const other = { comparison: 'soft against early', referenceModel: 'early' };
    const gaps = [
      known('soft', 'soft'),
      known('soft', 'early'),
      known('sft', 'sft'),
      known('soft', 'sft'),
      gap(other),
      gap({}),
    ];
    const claims = claimsOf(
      headOf(TRIO, [
        ['soft', 'early'],
        ['soft', 'sft'],
      ]),
      gaps,
    );
    expect(
      claims.map(({ measure, model, referenceModel }) => `${measure}: ${model}, ${referenceModel}`),
    ).toEqual([
      'score: soft, sft',
      'score: soft, early',
      'exact match: soft, sft',
      'exact match: soft, soft',
      'exact match: sft, sft',
    ]);
  });

  it('are none where nothing is known', () => {
    expect(claimsOf(headOf({ sft: 'sft' }, []), [])).toEqual([]);
  });
});

describe('a claim in words', () => {
  const head = headOf(TRIO, [['soft', 'sft']]);
  const sentence = (...gaps: DepthGap[]) => claimSentence(head, claimsOf(head, gaps)[0]!);

  it.each<[string, DepthGap[]]>([
    [
      'SOFT at exit 4 (40 % of its depth) is not worse than the full SFT model.',
      [gap({}), gap({ exit: 10 })],
    ],
    [
      'SOFT needs its deepest exit, 10, to be not worse than the full SFT model.',
      [gap({ standing: 'worse' }), gap({ exit: 10 })],
    ],
    [
      'No exit of SOFT reaches the full SFT model: all 2 are worse.',
      [gap({ standing: 'worse' }), gap({ exit: 10, standing: 'worse' })],
    ],
    ['SOFT at exit 4 is worse than the full SFT model.', [gap({ standing: 'worse' })]],
    [
      'Whether an exit of SOFT is as good as the full SFT model is not decided.',
      [gap({ standing: 'worse' }), gap({ exit: 10, standing: 'not decided' })],
    ],
    [
      'Whether SOFT at exit 4 is as good as the full SFT model is not decided.',
      [gap({ standing: 'not decided' })],
    ],
    [
      'SOFT at exit 4 (40 % of its depth) is not worse than SFT at exit 8, the deepest that was run.',
      [gap({ referenceExit: 8 })],
    ],
    ['SOFT at exit 4 (40 % of its depth) is not worse than its own full depth.', [known('soft', 'soft')]],
  ])('reads: %s', (words, gaps) => {
    expect(sentence(...gaps)).toBe(words);
  });

  it('names a model whose depth is chosen by token as itself, with the layers that a mean token saves', () => {
    const model = 'soft@adaptive:0.9';
    const models = [...head.models, { ...head.models[1]!, model, label: 'SOFT adaptive 0.9' }];
    const wider = { ...head, models, comparisons: [{ ...head.comparisons[0]!, modelA: model }] };
    const own = gap({ model, exit: 10 });
    expect(claimSentence(wider, claimsOf(wider, [own])[0]!)).toBe(
      'SOFT adaptive 0.9 is not worse than the full SFT model.',
    );
    const depths = [{ model, exit: 10, depth: 'adaptive', meanLayers: 5.5 }] as never;
    expect(savedLayers(wider, own, depths)).toBe('45 % of the layers');
    expect(savedLayers(wider, own, [])).toBeUndefined();
  });

  it('never calls anything a tie', () => {
    expect(sentence(gap({ difference: 0, standing: 'not decided' }))).not.toMatch(/\btie/);
  });

  it('has difference, interval, n and the rule', () => {
    expect(gapNumbers(gap({}))).toBe('+0.01 [−0.04, 0.06]');
    expect(gapNumbers(gap({ difference: -0.001, ciLow: null }))).toBe('0.00');
    expect(gapRule(gap({}))).toContain(
      'for all 2 exits together, n\u00a0=\u00a0170. Not worse: its lower end lies above the margin, −0.10; worse: all of it lies below.',
    );
    expect(gapRule(gap({ n: MIN_INSTRUCTIONS - 1 }))).toContain('fewer than 30 decide nothing');
    expect(gapRule(known('soft', 'sft'))).toContain('Share of right answers');
  });

  it('shows the numbers of the deepest exit where none is enough', () => {
    const deepest = gap({ exit: 10, standing: 'not decided' });
    expect(shownGap(claimsOf(head, [gap({ standing: 'worse' }), deepest])[0]!)).toBe(deepest);
  });

  it('says what an exit saves: layers, and speed with its interval, or why it has none', () => {
    expect(savedLayers(head, gap({}), [])).toBe('60 % of the layers');
    expect(savedLayers(head, gap({ exit: 10 }), [])).toBeUndefined();
    const ratio: SpeedRatio = {
      ...{ model: 'soft', exit: 4, referenceModel: 'sft', referenceExit: 10 },
      rounds: 10,
      ratio: 1.844,
      ciLow: 1.8,
      ciHigh: 1.9,
    };
    expect(ratioOf([{ ...ratio, exit: 5 }, ratio], gap({}))).toBe(ratio);
    expect(speedWords(ratio, 'full SFT')).toBe('1.84 times the tokens per second of full SFT [1.80, 1.90]');
    expect(speedWords({ ...ratio, rounds: 1, ciLow: null, ciHigh: null }, 'full SFT')).toContain(
      '(timed once, no interval)',
    );
  });
});

describe('trust in a judge', () => {
  const trust: JudgeTrust = {
    verdicts: 400,
    malformed: 4,
    readPairs: 200,
    flips: 25,
    decidable: 1000,
    agreeing: 900,
  };
  const people = {
    labels: 'labels.json',
    malformedRule: 'tie',
    pairs: 999,
    accuracy: 0.667,
    accuracyLow: 0.62,
    accuracyHigh: 0.71,
    macroF1: 0,
    kappa: 0,
  } as never;

  it('names agreement with known answers and with labelled pairs, flips, and what cannot be read', () => {
    const words = trustWords({ judge: 'j' }, trust, [people]).join(' ');
    expect(words).toContain('90.0 % of 1,000 verdicts');
    expect(words).toContain('It agrees with labels.json on 66.7 % of 999 pairs [62.0 %, 71.0 %]');
    expect(words).toContain('12.5 %');
    expect(words).toContain('4 of its 400 verdicts');
  });

  it('says what was not measured', () => {
    expect(trustWords({ judge: 'j' }, { ...trust, decidable: 0, readPairs: 0 }, [])).toEqual([
      'No pair has just one right answer by which it could be checked.',
      '4 of its 400 verdicts cannot be read.',
    ]);
    expect(trustWords({ judge: null }, undefined, [])[0]).toContain('Nothing is judged');
  });
});
