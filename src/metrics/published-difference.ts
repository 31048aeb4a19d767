/** A run's cells minus published ones: which belongs to which, and how far apart they are. */

import type { Cell, ModelKind } from '../core/domain.ts';
import { relativeDepth } from '../core/sub-models.ts';
import type { PublishedBaseline, PublishedCell } from '../data/published-scores.ts';
import { spearman } from './spearman.ts';

/** A model as far as matching needs it. */
export interface MatchedModel {
  readonly name: string;
  readonly kind: ModelKind;
  readonly layers: number;
}

/** A comparison of a run with the scores of its cells. */
export interface ScoredComparison {
  readonly name: string;
  readonly modelA: MatchedModel;
  readonly modelB: MatchedModel;
  readonly cells: readonly (Cell & { readonly score: number })[];
}

/** A cell of the run beside the published cell at the same relative depth. */
export interface CellDifference extends Cell {
  readonly score: number;
  readonly published: PublishedCell;
  /** score − published score, in [−2, 2]. */
  readonly difference: number;
}

/** One comparison of the run against one published baseline; model a is the SoFT model. */
export interface PublishedDifference {
  readonly baseline: PublishedBaseline;
  readonly modelA: MatchedModel;
  readonly modelB: MatchedModel;
  /** At least one. */
  readonly cells: readonly CellDifference[];
  /** Spearman's ρ of the published scores and the run's; `undefined` where one side has no order. */
  readonly rankCorrelation: number | undefined;
  readonly meanDifference: number;
  readonly meanAbsoluteDifference: number;
  /** Cells of the run at a relative depth that was not published. */
  readonly unmatchedCells: number;
  /** Published cells of the baseline at a relative depth that the run does not have. */
  readonly unmatchedPublished: number;
}

export interface PublishedDifferences {
  readonly differences: readonly PublishedDifference[];
  /** Comparisons of the run without a published counterpart. */
  readonly unmatchedComparisons: readonly ScoredComparison[];
  /** Published cells by baseline where no comparison of the run is against that baseline. */
  readonly unusedPublished: ReadonlyMap<PublishedBaseline, number>;
}

/** The published model of each kind; what a SoFT model was compared with. */
const BASELINES: Readonly<Partial<Record<ModelKind, PublishedBaseline>>> = {
  sft: 'SFT',
  'early-exit': 'SFT+ICT',
};

/**
 * Matches every comparison of a SoFT model with its published baseline, by the models' kinds and relative
 * depths.
 */
export function publishedDifferences(
  comparisons: readonly ScoredComparison[],
  published: readonly PublishedCell[],
): PublishedDifferences {
  const differences: PublishedDifference[] = [];
  const unmatchedComparisons: ScoredComparison[] = [];
  for (const comparison of comparisons) {
    const difference = differenceOf(softFirst(comparison), published);
    if (difference) differences.push(difference);
    else unmatchedComparisons.push(comparison);
  }
  const used = new Set(differences.map(({ baseline }) => baseline));
  const unusedPublished = new Map<PublishedBaseline, number>();
  for (const { baseline } of published) {
    if (!used.has(baseline)) unusedPublished.set(baseline, (unusedPublished.get(baseline) ?? 0) + 1);
  }
  return { differences, unmatchedComparisons, unusedPublished };
}

/** Published scores are those of the SoFT model; cell(a, b) = −cell(b, a). */
function softFirst(comparison: ScoredComparison): ScoredComparison {
  const { modelA, modelB, cells } = comparison;
  if (modelB.kind !== 'soft' || modelA.kind === 'soft') return comparison;
  const turned = cells.map(({ exitA, exitB, score }) => ({ exitA: exitB, exitB: exitA, score: 0 - score }));
  return { ...comparison, modelA: modelB, modelB: modelA, cells: turned };
}

function differenceOf(
  { modelA, modelB, cells }: ScoredComparison,
  published: readonly PublishedCell[],
): PublishedDifference | undefined {
  const baseline = modelA.kind === 'soft' ? BASELINES[modelB.kind] : undefined;
  if (baseline === undefined) return undefined;
  const ofBaseline = published.filter((cell) => cell.baseline === baseline);
  const atDepth = new Map(ofBaseline.map((cell) => [depthKey(cell, cell.layers, cell.layers), cell]));
  const matched = cells.flatMap((cell): CellDifference[] => {
    const counterpart = atDepth.get(depthKey(cell, modelA.layers, modelB.layers));
    if (!counterpart) return [];
    return [{ ...cell, published: counterpart, difference: cell.score - counterpart.score }];
  });
  if (matched.length === 0) return undefined;
  const unmatched = {
    unmatchedCells: cells.length - matched.length,
    unmatchedPublished: ofBaseline.length - matched.length,
  };
  return { baseline, modelA, modelB, cells: matched, ...summaryOf(matched), ...unmatched };
}

function depthKey({ exitA, exitB }: Cell, layersA: number, layersB: number): string {
  return `${relativeDepth(exitA, layersA)} ${relativeDepth(exitB, layersB)}`;
}

function summaryOf(cells: readonly CellDifference[]) {
  const mean = (values: readonly number[]) =>
    values.reduce((total, value) => total + value, 0) / values.length;
  return {
    rankCorrelation: spearman(cells.map(({ score, published }) => [published.score, score] as const)),
    meanDifference: mean(cells.map(({ difference }) => difference)),
    meanAbsoluteDifference: mean(cells.map(({ difference }) => Math.abs(difference))),
  };
}
