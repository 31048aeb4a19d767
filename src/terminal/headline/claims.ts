/** What a run's headline says: for each model and reference, the smallest exit that is not worse. Pure. */
import type { Comparison } from '../../core/domain.ts';
import { groupedBy } from '../../core/grouped-by.ts';
import { partsOfDynamicName } from '../../core/sub-models.ts';
import type { DepthGap } from '../../store/read/exit-reads.ts';
import type { RunHead } from '../../store/read/run-head.ts';

/** The exits of one model beside full depth of another one, or of itself. */
export interface Claim extends Pick<DepthGap, 'measure' | 'model' | 'referenceModel' | 'referenceExit'> {
  /** Exits ascend; at least one. */
  readonly gaps: readonly DepthGap[];
  /** The smallest exit that is not worse; undefined: there is none. */
  readonly enough: DepthGap | undefined;
}

/** The most important first: by the judge, against SFT; then by the judge, then by known answers. */
export function claimsOf(head: RunHead, gaps: readonly DepthGap[]): Claim[] {
  const asked = gaps.filter((one) => isAsked(head, one));
  const claims = groupedBy(asked, ({ measure, comparison, model, referenceModel }) =>
    JSON.stringify([measure, comparison, model, referenceModel]),
  ).map(claimOf);
  return claims.sort((a, b) => rankOf(head, a) - rankOf(head, b));
}

function claimOf(gaps: readonly DepthGap[]): Claim {
  const { measure, model, referenceModel, referenceExit } = gaps[0]!;
  const enough = gaps.find(({ standing }) => standing === 'not worse');
  return { measure, model, referenceModel, referenceExit, gaps, enough };
}

/** Whether somebody asks this. By known answers each model is set beside SFT and beside itself. */
function isAsked(head: RunHead, { comparison: name, model, referenceModel }: DepthGap): boolean {
  if (partsOfDynamicName(referenceModel)) return false;
  const comparison = head.comparisons.find((one) => one.name === name);
  if (comparison === undefined)
    return model === referenceModel || (isBaseline(head, referenceModel) && !isBaseline(head, model));
  return referenceModel === baselineOf(head, comparison);
}

/** The model that the exits of the other one are set beside: SFT, or the second of two models alike. */
export function baselineOf(head: RunHead, { modelA, modelB }: Pick<Comparison, 'modelA' | 'modelB'>): string {
  return isBaseline(head, modelA) && !isBaseline(head, modelB) ? modelA : modelB;
}

function isBaseline({ models }: RunHead, name: string): boolean {
  return models.find(({ model }) => model === name)?.kind === 'sft';
}

function rankOf(head: RunHead, { measure, model, referenceModel }: Claim): number {
  const place = head.models.findIndex((one) => one.model === model) / head.models.length;
  const isAgainstOther = model !== referenceModel;
  const kinds = [
    isBaseline(head, referenceModel) && isAgainstOther,
    head.models.find((one) => one.model === model)?.kind === 'soft',
  ];
  const doubts = kinds.filter((isSo) => !isSo).length;
  return (measure === 'score' ? 0 : 10) + 2 * doubts + place;
}
