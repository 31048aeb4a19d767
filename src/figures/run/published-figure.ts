/** A run's cells minus published ones: what `sorted-eval compare` and the results page share. */
import type { PublishedCell } from '../../data/published-scores.ts';
import {
  type MatchedModel,
  type PublishedDifference,
  type PublishedDifferences,
  publishedDifferences,
  type ScoredComparison,
} from '../../metrics/published-difference.ts';
import type { RunHead } from '../../store/read/run-head.ts';
import type { CellScore } from '../../store/tables/score-table.ts';
import type { Figure } from '../chart/figure.ts';
import { type DifferencePanel, differenceHeatmaps } from './difference-heatmaps.ts';
import { labelOf } from './labels.ts';
import { judgeNotes } from './score-notes.ts';

/** Published cells are means over both orders, so their counterparts are the run's under this policy. */
export const PUBLISHED_POLICY = 'average';

/** The run's comparisons with their scores, as far as they are the counterparts of published ones. */
function scoredComparisons(
  head: Pick<RunHead, 'models' | 'comparisons'>,
  scores: readonly CellScore[],
): ScoredComparison[] {
  const own = scores.filter(({ policy }) => policy === PUBLISHED_POLICY);
  const matched = (name: string): MatchedModel => {
    const { kind, layers } = head.models.find(({ model }) => model === name)!;
    return { name, kind, layers };
  };
  return head.comparisons.map(({ name, modelA, modelB }) => ({
    name,
    modelA: matched(modelA),
    modelB: matched(modelB),
    cells: own
      .filter(({ comparison }) => comparison === name)
      .map(({ exitA, exitB, score }) => ({ exitA, exitB, score })),
  }));
}

export function differencesFromPublished(
  head: Pick<RunHead, 'models' | 'comparisons'>,
  scores: readonly CellScore[],
  published: readonly PublishedCell[],
): PublishedDifferences {
  return publishedDifferences(scoredComparisons(head, scores), published);
}

/** @param source name of the file of published cells. @returns `undefined` where nothing of the run was published */
export function publishedFigure(
  head: RunHead,
  differences: readonly PublishedDifference[],
  source: string,
): Figure | undefined {
  if (differences.length === 0) return undefined;
  const judge = head.judge ?? 'not recorded';
  return differenceHeatmaps({
    run: head.run,
    judge,
    instructions: head.instructions,
    panels: differences.map((difference) => toPanel(difference, head)),
    notes: [
      `Published: ${source}; cells matched by relative depth (exit / model's layers). Score = (wins − losses) / total, mean over both orders.`,
      `This run: n = ${head.instructions}.`,
      ...judgeNotes(head),
    ],
  });
}

function toPanel({ modelA, modelB, baseline, cells }: PublishedDifference, head: RunHead): DifferencePanel {
  return {
    modelA: labelOf(head, modelA.name),
    modelB: labelOf(head, modelB.name),
    baseline,
    exitsA: ascending(cells.map(({ exitA }) => exitA)),
    exitsB: ascending(cells.map(({ exitB }) => exitB)),
    cells,
  };
}

/** Distinct exits, lowest first. */
export function ascending(exits: readonly number[]): number[] {
  return [...new Set(exits)].sort((one, other) => one - other);
}
