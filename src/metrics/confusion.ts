/** Human labels against the judge's verdicts, counted. */

import type { AgreementRule, SlotVerdict } from '../core/domain.ts';
import type { HumanLabel } from '../data/human-labels.ts';

/** A person's label of a pair beside the judge's verdict on it. */
export interface LabelledVerdict {
  readonly label: HumanLabel;
  readonly verdict: SlotVerdict;
}

/** Counts by human label, then by verdict. `malformed` is 0 unless the rule is `wrong`. */
export type ConfusionMatrix = Readonly<Record<HumanLabel, Readonly<Record<SlotVerdict, number>>>>;

/** Ties first, as PandaLM's files number them: 0, 1, 2. */
export const LABELS: readonly HumanLabel[] = ['tie', '1', '2'];
export const VERDICTS: readonly SlotVerdict[] = [...LABELS, 'malformed'];

/** Counts with a weight for each pair: the weight is how often a bootstrap drew it. */
export function confusionMatrix(
  pairs: readonly LabelledVerdict[],
  rule: AgreementRule,
  weightOf: (index: number) => number = () => 1,
): ConfusionMatrix {
  const matrix = emptyMatrix();
  for (const [index, { label, verdict }] of pairs.entries()) {
    if (verdict === 'malformed' && rule === 'dropped') continue;
    const counted = verdict === 'malformed' && rule === 'tie' ? 'tie' : verdict;
    matrix[label][counted] += weightOf(index);
  }
  return matrix;
}

function emptyMatrix(): Record<HumanLabel, Record<SlotVerdict, number>> {
  const row = () => ({ tie: 0, '1': 0, '2': 0, malformed: 0 });
  return { tie: row(), '1': row(), '2': row() };
}
