import { describe, expect, it } from 'vitest';
import type { SlotVerdict } from '../../src/core/domain.ts';
import type { HumanLabel } from '../../src/data/human-labels.ts';
import { drawResamples } from '../../src/metrics/bootstrap.ts';
import type { LabelledVerdict } from '../../src/metrics/confusion.ts';
import {
  agreement,
  agreementIntervals,
  countedPairs,
  unanimousShare,
} from '../../src/metrics/human-agreement.ts';

type Row = readonly [label: HumanLabel, verdict: SlotVerdict, times: number];

function pairs(rows: readonly Row[]): LabelledVerdict[] {
  return rows.flatMap(([label, verdict, times]) =>
    new Array<LabelledVerdict>(times).fill({ label, verdict }),
  );
}

/** PandaLM-7B's recorded verdicts against the majority of the annotators of `testset-v1.json`. */
const PANDALM = pairs([
  ['tie', 'tie', 32],
  ['tie', '1', 35],
  ['tie', '2', 38],
  ['1', 'tie', 40],
  ['1', '1', 298],
  ['1', '2', 84],
  ['2', 'tie', 35],
  ['2', '1', 100],
  ['2', '2', 337],
]);

/** The same for GPT-3.5's (`gpt-3.5-turbo-testset-v1.json` upstream), with its 25 verdicts called "garbage". */
const GPT = pairs([
  ['tie', 'tie', 5],
  ['tie', '1', 42],
  ['tie', '2', 45],
  ['tie', 'malformed', 13],
  ['1', 'tie', 13],
  ['1', '1', 332],
  ['1', '2', 71],
  ['1', 'malformed', 6],
  ['2', 'tie', 20],
  ['2', '1', 86],
  ['2', '2', 360],
  ['2', 'malformed', 6],
]);

describe('agreement refuses', () => {
  it('no pairs', () => {
    expect(() => agreement([], 'tie')).toThrow(RangeError);
  });

  it('pairs of which all are malformed and dropped', () => {
    const malformed = pairs([['1', 'malformed', 3]]);
    expect(() => agreement(malformed, 'dropped')).toThrow(RangeError);
    expect(countedPairs(malformed, 'dropped')).toBe(0);
    expect(countedPairs(malformed, 'tie')).toBe(3);
  });
});

describe('agreement', () => {
  it("gives PandaLM's published figures to the digit", () => {
    const { accuracy, precision, recall, f1 } = agreement(PANDALM, 'tie');
    const percent = [accuracy, precision, recall, f1].map((share) => (100 * share).toFixed(2));
    // 667 of 999; 32/107, 298/433, 337/459; 32/105, 298/422, 337/472
    expect(percent).toEqual(['66.77', '57.38', '57.50', '57.43']);
  });

  it("gives GPT-3.5's published figures where malformed is a tie", () => {
    const { accuracy, precision, recall, f1 } = agreement(GPT, 'tie');
    // The comment in upstream's data/compute_metrics.py: 0.7107, 0.5879, 0.5736, 0.5755
    expect([accuracy, precision, recall, f1].map((share) => share.toFixed(4))).toEqual([
      '0.7107',
      '0.5879',
      '0.5736',
      '0.5755',
    ]);
  });

  // scikit-learn 1.9.1: accuracy_score; precision_recall_fscore_support(labels=[0, 1, 2], average='macro');
  // cohen_kappa_score. Malformed is a fourth value of y_pred under `wrong`, and left out under `dropped`.
  it.each([
    [
      'PandaLM-7B, no malformed',
      PANDALM,
      'wrong',
      [0.6676676676676677, 0.5738306408653328, 0.5749686976833736, 0.574305184944992, 0.4353549248202223],
    ],
    [
      'GPT-3.5, malformed is a tie',
      GPT,
      'tie',
      [0.7107107107107107, 0.5879186457191573, 0.5736234312184187, 0.5755379507639905, 0.495784098331453],
    ],
    [
      'GPT-3.5, malformed is wrong',
      GPT,
      'wrong',
      [0.6976976976976977, 0.536540199603869, 0.5323535899485775, 0.5274194026454424, 0.475507589283386],
    ],
    [
      'GPT-3.5, malformed is dropped',
      GPT,
      'dropped',
      [0.715605749486653, 0.536540199603869, 0.5416523126683604, 0.5330817182313562, 0.49286471530289244],
    ],
  ] as const)('equals scikit-learn: %s', (_, labelled, rule, expected) => {
    const { accuracy, precision, recall, f1, kappa } = agreement(labelled, rule);
    const scores = [accuracy, precision, recall, f1, kappa];
    expect(scores).toEqual(expected.map((value) => expect.closeTo(value, 12)));
  });

  it('keeps its evidence: the rule, the malformed, the counted and the matrix', () => {
    expect(agreement(GPT, 'dropped')).toMatchObject({
      malformedRule: 'dropped',
      malformed: 25,
      counted: 974,
      confusion: { '1': { tie: 13, '1': 332, '2': 71, malformed: 0 } },
    });
    expect(agreement(GPT, 'wrong')).toMatchObject({ counted: 999, confusion: { tie: { malformed: 13 } } });
    expect(agreement(GPT, 'tie')).toMatchObject({ malformed: 25, confusion: { tie: { tie: 18 } } });
  });

  it('averages over the labels that occur: without ties a perfect judge has 1', () => {
    const perfect = pairs([
      ['1', '1', 3],
      ['2', '2', 5],
    ]);
    expect(agreement(perfect, 'tie')).toMatchObject({ precision: 1, recall: 1, f1: 1, kappa: 1 });
  });

  it('gives 0 to a label that is never predicted, and to one that is never right', () => {
    const scores = agreement(
      pairs([
        ['1', '2', 1],
        ['2', '2', 1],
      ]),
      'tie',
    );
    expect(scores).toMatchObject({ accuracy: 0.5, precision: 0.25, recall: 0.5, f1: 1 / 3, kappa: 0 });
  });

  it('has no κ where both sides only ever say one thing', () => {
    expect(agreement(pairs([['1', '1', 4]]), 'tie')).toMatchObject({ accuracy: 1, kappa: undefined });
  });
});

describe('agreementIntervals', () => {
  const clustered = PANDALM.map((pair, index) => ({ ...pair, promptId: `${index % 170}` }));

  it('contain the scores, all from the same resamples', () => {
    const resamples = drawResamples(
      clustered.map(({ promptId }) => promptId),
      { seed: 1, resamples: 300 },
    );
    const scores = agreement(PANDALM, 'tie');
    const intervals = agreementIntervals(clustered, 'tie', resamples);
    for (const name of ['accuracy', 'precision', 'recall', 'f1', 'kappa'] as const) {
      expect(intervals[name]!.low, name).toBeLessThan(scores[name]!);
      expect(intervals[name]!.high, name).toBeGreaterThan(scores[name]!);
    }
  });

  it('draw prompts, not pairs: pairs of one prompt come and go together', () => {
    const right = { label: '1', verdict: '1' } as const;
    const wrong = { label: '1', verdict: '2' } as const;
    const two = [
      ...new Array(50).fill({ ...right, promptId: 'x' }),
      ...new Array(50).fill({ ...wrong, promptId: 'y' }),
    ];
    const resamples = drawResamples(['x', 'y'], { seed: 1, resamples: 200 });
    expect(agreementIntervals(two, 'tie', resamples).accuracy).toMatchObject({ low: 0, high: 1 });
  });

  it('have no κ where no resample has one', () => {
    const alike = [{ label: '1', verdict: '1', promptId: 'x' } as const];
    const resamples = drawResamples(['x'], { seed: 1, resamples: 5 });
    expect(agreementIntervals(alike, 'tie', resamples).kappa).toBeUndefined();
  });
});

describe('unanimousShare', () => {
  it('counts items on which all of several annotators agree', () => {
    const items: { annotations: HumanLabel[] }[] = [
      { annotations: ['1', '1', '1'] },
      { annotations: ['1', 'tie', '1'] },
    ];
    expect(unanimousShare(items)).toEqual({ count: 1, total: 2, share: 0.5 });
  });

  it('is unknown where one person labelled each item', () => {
    expect(unanimousShare([{ annotations: ['1'] }]).share).toBeUndefined();
  });
});
