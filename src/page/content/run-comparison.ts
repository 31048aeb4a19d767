/** One run beside another. Pure. */

import type { Policy } from '../../core/domain.ts';
import type { Figure } from '../../figures/chart/figure.ts';
import { heatmaps } from '../../figures/heatmap/heatmap.ts';
import { DIFFERENCE_SCALE } from '../../figures/run/difference-heatmaps.ts';
import { labelOf } from '../../figures/run/labels.ts';
import { ascending } from '../../figures/run/published-figure.ts';
import type { RunHead } from '../../store/read/run-head.ts';
import type { CellScore } from '../../store/tables/score-table.ts';
import type { PairVerdicts } from '../queries/outcome-query.ts';
import { outcomeOf, type PairOutcome } from './pairs.ts';

export interface ScoredRun {
  readonly head: RunHead;
  readonly scores: readonly CellScore[];
}

export interface RunDifference {
  readonly comparison: string;
  readonly modelA: string;
  readonly modelB: string;
  readonly exitsA: readonly number[];
  readonly exitsB: readonly number[];
  readonly cells: readonly DifferentCell[];
}

export interface DifferentCell {
  readonly exitA: number;
  readonly exitB: number;
  readonly score: number;
  readonly other: number;
  readonly difference: number;
}

/** Comparisons and cells that both runs have, by the names of models and by exits. */
export function runDifferences(own: ScoredRun, other: ScoredRun, policy: Policy): RunDifference[] {
  return own.head.comparisons.flatMap(({ name, modelA, modelB }) => {
    const same = other.head.comparisons.find((one) => one.modelA === modelA && one.modelB === modelB);
    if (same === undefined) return [];
    const theirs = scoresOf(other, same.name, policy);
    const cells = scoresOf(own, name, policy).flatMap(({ exitA, exitB, score }) => {
      const found = theirs.find((cell) => cell.exitA === exitA && cell.exitB === exitB)?.score;
      return found === undefined
        ? []
        : [{ ...{ exitA, exitB, score }, other: found, difference: score - found }];
    });
    const labels = { modelA: labelOf(own.head, modelA), modelB: labelOf(own.head, modelB) };
    const exits = {
      exitsA: ascending(cells.map(({ exitA }) => exitA)),
      exitsB: ascending(cells.map(({ exitB }) => exitB)),
    };
    return cells.length === 0 ? [] : [{ comparison: name, ...labels, ...exits, cells }];
  });
}

function scoresOf({ scores }: ScoredRun, comparison: string, policy: Policy): CellScore[] {
  return scores.filter((cell) => cell.comparison === comparison && cell.policy === policy);
}

/** `undefined` where the runs have no cell in common. */
export function differenceFigure(differences: readonly RunDifference[]): Figure | undefined {
  if (differences.length === 0) return undefined;
  return heatmaps({
    title: 'Score of this run minus score of the other run',
    footer: ['Above 0 (blue): the model of the row does better in this run than in the other.'],
    panels: differences.map(({ cells, ...panel }) => ({
      ...panel,
      title: `${panel.modelA} against ${panel.modelB}`,
      cells: cells.map(({ exitA, exitB, difference }) => ({ exitA, exitB, value: difference })),
    })),
    scale: { ...DIFFERENCE_SCALE, label: 'Score of this run − score of the other run' },
  });
}

export interface ChangedPair {
  readonly own: PairVerdicts;
  readonly before: PairOutcome;
  readonly after: PairOutcome;
}

/** Pairs that both runs have and whose outcome, over both orders, is another in the other run. */
export function changedPairs(own: readonly PairVerdicts[], other: readonly PairVerdicts[]): ChangedPair[] {
  const keyOf = ({ exitA, exitB, instructionId }: PairVerdicts) => `${exitA} ${exitB} ${instructionId}`;
  const theirs = new Map(other.map((pair) => [keyOf(pair), outcomeOf(pair)]));
  return own.flatMap((pair) => {
    const before = theirs.get(keyOf(pair));
    const after = outcomeOf(pair);
    return before === undefined || before === after ? [] : [{ own: pair, before, after }];
  });
}
