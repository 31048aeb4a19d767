/** One run beside another. Pure. */

import type { Comparison, MalformedRule, Outcome, Policy } from '../../core/domain.ts';
import type { Figure } from '../../figures/chart/figure.ts';
import { heatmaps } from '../../figures/heatmap/heatmap.ts';
import type { HeatmapScale } from '../../figures/heatmap/heatmap-types.ts';
import { DIFFERENCE_SCALE } from '../../figures/run/difference-heatmaps.ts';
import { labelOf } from '../../figures/run/labels.ts';
import { ascending } from '../../figures/run/published-figure.ts';
import { countOutcomes } from '../../judge/reconcile.ts';
import type { RunHead } from '../../store/read/run-head.ts';
import type { PairVerdicts } from '../queries/outcome-query.ts';
import { outcomeOf, type PairOutcome } from './pair/pairs.ts';

export interface JudgedRun {
  readonly head: RunHead;
  /** By comparison. */
  readonly verdicts: Readonly<Record<string, readonly PairVerdicts[]>>;
}

export interface RunDifferences {
  readonly differences: readonly RunDifference[];
  /** What is not compared, in words. */
  readonly left: readonly string[];
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
  /** Instructions that both runs judged in both orders: both scores are of these alone. */
  readonly n: number;
  readonly score: number;
  readonly other: number;
  readonly difference: number;
}

export interface ScoreRule {
  readonly policy: Policy;
  readonly malformedRule: MalformedRule;
}

/**
 * Comparisons and cells that both runs have, by the names of models and by exits, scored by one rule on the instructions
 * that both runs judged.
 */
export function runDifferences(own: JudgedRun, other: JudgedRun, rule: ScoreRule): RunDifferences {
  const differences: RunDifference[] = [];
  const left: string[] = [];
  for (const comparison of own.head.comparisons) {
    const same = sameComparison(other.head, comparison);
    const cells = same === undefined ? [] : commonCells(own, comparison, other, same, rule);
    if (same === undefined) left.push(`${comparison.name}: the other run has no such comparison.`);
    else if (cells.length === 0)
      left.push(`${comparison.name}: no instruction is judged in both orders in both runs.`);
    else {
      const missing = comparison.exitsA.length * comparison.exitsB.length - cells.length;
      if (missing > 0)
        left.push(`${comparison.name}: ${missing} cells have no counterpart in the other run.`);
      differences.push(differenceOf(own.head, comparison, cells));
    }
  }
  const others = other.head.comparisons.filter((one) => sameComparison(own.head, one) === undefined);
  left.push(...others.map(({ name }) => `${name}: of the other run alone.`));
  return { differences, left };
}

/** By the names of its models. */
export function sameComparison({ comparisons }: RunHead, { modelA, modelB }: Comparison) {
  return comparisons.find((one) => one.modelA === modelA && one.modelB === modelB);
}

function differenceOf(
  head: RunHead,
  { name, modelA, modelB }: Comparison,
  cells: readonly DifferentCell[],
): RunDifference {
  return {
    comparison: name,
    modelA: labelOf(head, modelA),
    modelB: labelOf(head, modelB),
    exitsA: ascending(cells.map(({ exitA }) => exitA)),
    exitsB: ascending(cells.map(({ exitB }) => exitB)),
    cells,
  };
}

function commonCells(
  own: JudgedRun,
  { name, exitsA, exitsB }: Comparison,
  other: JudgedRun,
  theirs: Comparison,
  rule: ScoreRule,
): DifferentCell[] {
  const [here, there] = [outcomesByCell(own, name), outcomesByCell(other, theirs.name)];
  return exitsA.flatMap((exitA) =>
    exitsB.flatMap((exitB): DifferentCell[] => {
      const [ours, others] = [here, there].map((cells) => cells.get(`${exitA} ${exitB}`) ?? new Map());
      const common = [...ours!.keys()].filter((id) => others!.has(id));
      if (common.length === 0) return [];
      const [score, found] = [ours!, others!].map((outcomes) => scoreOn(outcomes, common, rule)) as [
        number,
        number,
      ];
      return [{ exitA, exitB, n: common.length, score, other: found, difference: score - found }];
    }),
  );
}

type Outcomes = Map<string, Outcome>;

/** Of pairs judged in both orders: `4 6` → instruction → outcome. */
function outcomesByCell({ verdicts }: JudgedRun, comparison: string): Map<string, Outcomes> {
  const cells = new Map<string, Outcomes>();
  for (const { exitA, exitB, instructionId, ab, ba } of verdicts[comparison] ?? []) {
    if (ab === null || ba === null) continue;
    const key = `${exitA} ${exitB}`;
    const cell = cells.get(key) ?? new Map<string, Outcome>();
    cells.set(key, cell.set(instructionId, { instructionId, ab, ba }));
  }
  return cells;
}

function scoreOn(outcomes: Outcomes, ids: readonly string[], { policy, malformedRule }: ScoreRule): number {
  const of = ids.map((id) => outcomes.get(id)!);
  const { wins, losses, total } = countOutcomes(of, policy, malformedRule);
  return (wins - losses) / total;
}

export const RUN_DIFFERENCE_SCALE: HeatmapScale = {
  ...DIFFERENCE_SCALE,
  label: 'Score of this run − score of the other run',
};

/** `undefined` where the runs have no cell in common. */
export function differenceFigure(
  differences: readonly RunDifference[],
  { policy, malformedRule }: ScoreRule,
): Figure | undefined {
  if (differences.length === 0) return undefined;
  return heatmaps({
    title: 'Score of this run minus score of the other run',
    footer: [
      `Above 0 (blue): the model of the row does better in this run than in the other. Both scores are of the n instructions that both runs judged in both orders, by policy ${policy}, malformed verdicts ${malformedRule === 'tie' ? 'as ties' : 'dropped'}.`,
    ],
    panels: differences.map(({ cells, ...panel }) => ({
      ...panel,
      title: `${panel.modelA} against ${panel.modelB}`,
      cells: cells.map(({ exitA, exitB, difference }) => ({ exitA, exitB, value: difference })),
    })),
    scale: RUN_DIFFERENCE_SCALE,
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
