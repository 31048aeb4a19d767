/**
 * How far a judge agrees with people. Accuracy and macro averages are scikit-learn's and PandaLM's
 * (`data/compute_metrics.py`), κ is Cohen's (1960).
 */

import type { AgreementRule } from '../core/domain.ts';
import type { HumanLabel } from '../data/human-labels.ts';
import { bootstrapInterval, type Interval, type Resamples } from './bootstrap.ts';
import {
  type ConfusionMatrix,
  confusionMatrix,
  LABELS,
  type LabelledVerdict,
  VERDICTS,
} from './confusion.ts';
import { type Share, shareOf } from './share.ts';

/** Numbers of one confusion matrix, all in [0, 1] but κ, which is in [−1, 1]. */
export interface AgreementScores {
  readonly accuracy: number;
  /** Macro average: the plain mean over the labels that occur as a label or a verdict, as in scikit-learn. */
  readonly precision: number;
  readonly recall: number;
  /** Mean of the labels' F1, not F1 of the means. */
  readonly f1: number;
  /** `undefined` where chance alone agrees always, as when both sides always give one label. */
  readonly kappa: number | undefined;
}

/** The scores with what they were computed from and under which protocol. */
export interface Agreement extends AgreementScores {
  readonly malformedRule: AgreementRule;
  /** Pairs with a malformed verdict, whatever the rule makes of them. */
  readonly malformed: number;
  /** Pairs in the matrix. */
  readonly counted: number;
  readonly confusion: ConfusionMatrix;
}

/** Pairs that share a prompt are no independent draws, so the bootstrap draws prompts. */
export interface ClusteredVerdict extends LabelledVerdict {
  readonly promptId: string;
}

export type AgreementIntervals = Readonly<Record<'accuracy' | 'precision' | 'recall' | 'f1', Interval>> & {
  readonly kappa: Interval | undefined;
};

/** Pairs that count under a rule: 0 where all are malformed and dropped. */
export function countedPairs(pairs: readonly LabelledVerdict[], malformedRule: AgreementRule): number {
  return totalOf(confusionMatrix(pairs, malformedRule));
}

/** @throws RangeError where no pair is left to count */
export function agreement(pairs: readonly LabelledVerdict[], malformedRule: AgreementRule): Agreement {
  const confusion = confusionMatrix(pairs, malformedRule);
  const counted = totalOf(confusion);
  if (counted === 0) throw new RangeError('no pair is left to count');
  const malformed = pairs.filter(({ verdict }) => verdict === 'malformed').length;
  return { malformedRule, malformed, counted, confusion, ...agreementScores(confusion) };
}

/** Scores of a matrix. All NaN where it is empty. A label never given, or never predicted, has a 0 there. */
export function agreementScores(matrix: ConfusionMatrix): AgreementScores {
  const total = totalOf(matrix);
  const labels = LABELS.filter((label) => rowSum(matrix, label) + columnSum(matrix, label) > 0);
  const perLabel = labels.map((label) => labelScores(matrix, label));
  const observed = sum(LABELS.map((label) => matrix[label][label])) / total;
  const chance = sum(LABELS.map((label) => rowSum(matrix, label) * columnSum(matrix, label))) / total ** 2;
  return {
    accuracy: observed,
    precision: sum(perLabel.map(({ precision }) => precision)) / labels.length,
    recall: sum(perLabel.map(({ recall }) => recall)) / labels.length,
    f1: sum(perLabel.map(({ f1 }) => f1)) / labels.length,
    kappa: chance === 1 ? undefined : (observed - chance) / (1 - chance),
  };
}

/**
 * Bootstrap intervals over prompts, all scores from the same resamples (`drawResamples` over the prompts'
 * ids).
 *
 * @throws RangeError where no pair is left to count
 */
export function agreementIntervals(
  pairs: readonly ClusteredVerdict[],
  malformedRule: AgreementRule,
  resamples: Resamples,
  level = 0.95,
): AgreementIntervals {
  const indexOf = new Map(resamples.ids.map((id, index) => [id, index]));
  const cluster = pairs.map(({ promptId }) => indexOf.get(promptId)!);
  const scores = new Map(
    resamples.multiplicities.map((drawn) => [
      drawn,
      agreementScores(confusionMatrix(pairs, malformedRule, (index) => drawn[cluster[index]!]!)),
    ]),
  );
  const interval = (name: keyof AgreementScores) =>
    bootstrapInterval(resamples, (drawn) => scores.get(drawn)![name] ?? Number.NaN, level);
  const hasKappa = [...scores.values()].some(({ kappa }) => kappa !== undefined && !Number.isNaN(kappa));
  return {
    accuracy: interval('accuracy'),
    precision: interval('precision'),
    recall: interval('recall'),
    f1: interval('f1'),
    kappa: hasKappa ? interval('kappa') : undefined,
  };
}

/** Share of items on which all people agree, of those that more than one labelled. */
export function unanimousShare(items: readonly { readonly annotations: readonly HumanLabel[] }[]): Share {
  const several = items.filter(({ annotations }) => annotations.length > 1);
  const unanimous = several.filter(({ annotations }) => new Set(annotations).size === 1);
  return shareOf(unanimous.length, several.length);
}

function labelScores(matrix: ConfusionMatrix, label: HumanLabel) {
  const hits = matrix[label][label];
  const [given, predicted] = [rowSum(matrix, label), columnSum(matrix, label)];
  return {
    precision: predicted === 0 ? 0 : hits / predicted,
    recall: given === 0 ? 0 : hits / given,
    f1: (2 * hits) / (given + predicted),
  };
}

function totalOf(matrix: ConfusionMatrix): number {
  return sum(LABELS.map((label) => rowSum(matrix, label)));
}

function rowSum(matrix: ConfusionMatrix, label: HumanLabel): number {
  return sum(VERDICTS.map((verdict) => matrix[label][verdict]));
}

function columnSum(matrix: ConfusionMatrix, verdict: HumanLabel): number {
  return sum(LABELS.map((label) => matrix[label][verdict]));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
