/**
 * A judge against people: every number of `sorted-eval agreement`, beside the protocol that it depends on.
 */

import type { AgreementRule } from '../core/domain.ts';
import type { JudgedPair } from '../data/recorded/recorded-verdicts.ts';
import { drawResamples } from './bootstrap.ts';
import { type ConfusionMatrix, confusionMatrix } from './confusion.ts';
import {
  type Agreement,
  type AgreementIntervals,
  agreement,
  agreementIntervals,
  agreementScores,
  unanimousShare,
} from './human-agreement.ts';
import { type LengthPreference, lengthPreference } from './length-preference.ts';
import type { Share } from './share.ts';

/** Where the verdicts come from. */
export interface JudgeSource {
  /** A judge's label, or the file of recorded verdicts. */
  readonly judge: string;
  /** Settings and deviations, or a caution about recorded verdicts. */
  readonly notes: readonly string[];
}

export interface AgreementReport extends JudgeSource, Agreement {
  /** File of the labels. */
  readonly labels: string;
  readonly pairs: number;
  /** Distinct prompts, which the bootstrap draws. */
  readonly prompts: number;
  /** Labels of one pair, at most. */
  readonly annotators: number;
  /** Pairs on which all annotators differ, so that the first one's label counts. */
  readonly withoutMajority: number;
  /** Pairs on which all annotators agree. */
  readonly unanimous: Share;
  /** How often each prefers the longer response. */
  readonly longer: { readonly judge: LengthPreference; readonly people: LengthPreference };
  readonly intervals: AgreementIntervals;
  readonly resamples: number;
  readonly seed: number;
  /** Empty where the labels do not name models. */
  readonly byModels: readonly ModelsAgreement[];
}

/** Agreement on the pairs that the same two models answered. */
export interface ModelsAgreement {
  /** PandaLM's `cmp_key`; the first model wrote response 1. */
  readonly models: string;
  readonly pairs: number;
  readonly confusion: ConfusionMatrix;
  /** `undefined` where no pair is left to count. */
  readonly accuracy: number | undefined;
}

export interface AgreementOptions extends JudgeSource {
  readonly labels: string;
  readonly malformedRule: AgreementRule;
  readonly seed: number;
}

/** @throws RangeError where no pair is left to count */
export function agreementReport(pairs: readonly JudgedPair[], options: AgreementOptions): AgreementReport {
  const { malformedRule, ...source } = options;
  const numbers = agreement(pairs, malformedRule);
  const resamples = drawResamples(
    pairs.map(({ promptId }) => promptId),
    { seed: options.seed },
  );
  return {
    ...source,
    ...numbers,
    pairs: pairs.length,
    prompts: resamples.ids.length,
    annotators: Math.max(...pairs.map(({ annotations }) => annotations.length)),
    withoutMajority: pairs.filter(({ annotations }) => hasNoMajority(annotations)).length,
    unanimous: unanimousShare(pairs),
    longer: {
      judge: lengthPreference(pairs, ({ verdict }) => verdict),
      people: lengthPreference(pairs, ({ label }) => label),
    },
    intervals: agreementIntervals(pairs, malformedRule, resamples),
    resamples: resamples.multiplicities.length,
    byModels: agreementByModels(pairs, malformedRule),
  };
}

/** One entry for each pair of models, by name. */
export function agreementByModels(pairs: readonly JudgedPair[], rule: AgreementRule): ModelsAgreement[] {
  const groups = new Map<string, JudgedPair[]>();
  for (const pair of pairs) {
    if (pair.models === undefined) continue;
    const group = groups.get(pair.models);
    if (group) group.push(pair);
    else groups.set(pair.models, [pair]);
  }
  return [...groups.keys()].sort().map((models) => {
    const group = groups.get(models)!;
    const confusion = confusionMatrix(group, rule);
    const { accuracy } = agreementScores(confusion);
    const counted = !Number.isNaN(accuracy);
    return { models, pairs: group.length, confusion, accuracy: counted ? accuracy : undefined };
  });
}

function hasNoMajority(annotations: readonly string[]): boolean {
  return annotations.length > 1 && new Set(annotations).size === annotations.length;
}
