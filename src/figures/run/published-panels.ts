/** Published scores as matrices, alone or beside those of a run: figure 1 of the paper, and ours. */
import type { PublishedBaseline, PublishedCell } from '../../data/published-scores.ts';
import type { PublishedDifference } from '../../metrics/published-difference.ts';
import { isByChance, SIGNIFICANCE } from '../../metrics/sign-test.ts';
import type { RunHead } from '../../store/read/run-head.ts';
import type { CellScore } from '../../store/tables/score-table.ts';
import type { Figure } from '../chart/figure.ts';
import type { Sheet } from '../chart/sheet.ts';
import { heatmaps } from '../heatmap/heatmap.ts';
import type { HeatmapCell, HeatmapPanel } from '../heatmap/heatmap-types.ts';
import { DIFFERENCE_SCALE } from './difference-heatmaps.ts';
import { labelOf } from './labels.ts';
import { ascending } from './published-figure.ts';
import { SCORE_SCALE } from './score-heatmaps.ts';
import { judgeNotes } from './score-notes.ts';

const SCORE =
  'Score = (wins − losses) / total, mean over both orders. Above 0 (blue): the sub-model of the row is preferred.';

const BASELINES: Readonly<Record<PublishedBaseline, string>> = {
  SFT: 'SFT: exits of the model that is trained at full depth.',
  'SFT+ICT':
    'SFT+ICT: exits of the early-exit model, which is the SFT model, frozen, with a head trained for each exit.',
};
const SOFT = 'SoFT: exits of the model that is trained at all of them together.';

/** What a figure of published scores names. */
export interface PublishedSource {
  /** Name of the file. */
  readonly file: string;
  /** Default: a screen. */
  readonly sheet?: Sheet | undefined;
}

/** A matrix for each baseline, with the published layers on the axes. */
export function publishedScores(cells: readonly PublishedCell[], { file, sheet }: PublishedSource): Figure {
  const baselines = baselinesOf(cells);
  return heatmaps({
    title: `Published scores: ${baselines.map((baseline) => `SoFT against ${baseline}`).join(', ')} (${file})`,
    footer: [SCORE, namesText(baselines, cells)],
    panels: baselines.map((baseline) => publishedPanel(baseline, cells, `SoFT against ${baseline}`)),
    scale: SCORE_SCALE,
    sheet,
  });
}

/**
 * For each comparison that was published a row: published, this run, and the difference.
 * @param differences at least one
 */
export function publishedBeside(
  head: RunHead,
  scores: readonly CellScore[],
  differences: readonly PublishedDifference[],
  cells: readonly PublishedCell[],
  { file, sheet }: PublishedSource,
): Figure {
  const baselines = differences.map(({ baseline }) => baseline);
  return heatmaps({
    title: `Published scores (${file}) beside those of run ${head.run} (judge: ${head.judge ?? 'not recorded'}, n\u00a0=\u00a0${head.instructions})`,
    footer: [
      `${SCORE} Differences: this run − published; beyond ±1 they have the color of the end.`,
      namesText(baselines, cells),
      matchText(head, differences),
      `Pale with a dashed border: chance explains this run's score (sign test, corrected p above ${SIGNIFICANCE}). n of this run: ${head.instructions}.`,
      ...judgeNotes(head),
    ],
    panels: differences.flatMap((difference) => [
      publishedPanel(difference.baseline, cells, `Published: SoFT against ${difference.baseline}`),
      runPanel(head, scores, difference),
      differencePanel(head, difference),
    ]),
    perRow: 3,
    scale: { ...SCORE_SCALE, label: 'Score, or difference of scores' },
    sheet,
  });
}

function baselinesOf(cells: readonly PublishedCell[]): PublishedBaseline[] {
  return [...new Set(cells.map(({ baseline }) => baseline))];
}

function publishedPanel(
  baseline: PublishedBaseline,
  cells: readonly PublishedCell[],
  title: string,
): HeatmapPanel {
  const own = cells.filter((cell) => cell.baseline === baseline);
  const values = own.map(({ exitA, exitB, score }) => ({ exitA, exitB, value: score }));
  return { ...framed(values), title, modelA: 'SoFT', modelB: baseline, scale: SCORE_SCALE };
}

function runPanel(
  head: RunHead,
  scores: readonly CellScore[],
  { modelA, modelB, cells }: PublishedDifference,
): HeatmapPanel {
  const models = { modelA: labelOf(head, modelA.name), modelB: labelOf(head, modelB.name) };
  const chance = chanceCells(head, scores, modelA.name, modelB.name);
  const values = cells.map(({ exitA, exitB, score }) => ({
    ...{ exitA, exitB, value: score },
    isChance: chance.has(`${exitA} ${exitB}`),
  }));
  const title = `This run: ${models.modelA} against ${models.modelB}`;
  return { ...framed(values), ...models, title, scale: SCORE_SCALE };
}

function differencePanel(head: RunHead, { modelA, modelB, cells }: PublishedDifference): HeatmapPanel {
  const models = { modelA: labelOf(head, modelA.name), modelB: labelOf(head, modelB.name) };
  const values = cells.map(({ exitA, exitB, difference }) => ({ exitA, exitB, value: difference }));
  return { ...framed(values), ...models, title: 'This run − published', scale: DIFFERENCE_SCALE };
}

function framed(cells: readonly HeatmapCell[]): Pick<HeatmapPanel, 'cells' | 'exitsA' | 'exitsB'> {
  return {
    cells,
    exitsA: ascending(cells.map(({ exitA }) => exitA)),
    exitsB: ascending(cells.map(({ exitB }) => exitB)),
  };
}

/** `exit a, exit b` of the cells of two models that chance explains, whichever of the two was model a of the comparison. */
function chanceCells(
  head: RunHead,
  scores: readonly CellScore[],
  modelA: string,
  modelB: string,
): Set<string> {
  const nameOf = (a: string, b: string) =>
    head.comparisons.find((one) => one.modelA === a && one.modelB === b)?.name;
  const [name, turned] = [nameOf(modelA, modelB), nameOf(modelB, modelA)];
  return new Set(
    scores
      .filter(isByChance)
      .flatMap(({ comparison, exitA, exitB }) => [
        ...(comparison === name ? [`${exitA} ${exitB}`] : []),
        ...(comparison === turned && name === undefined ? [`${exitB} ${exitA}`] : []),
      ]),
  );
}

function namesText(baselines: readonly PublishedBaseline[], cells: readonly PublishedCell[]): string {
  const layers = [...new Set(cells.map((cell) => cell.layers))].join(' or ');
  return `Published models have ${layers} layers. ${[SOFT, ...baselines.map((name) => BASELINES[name])].join(' ')}`;
}

/** How exits of models of unequal depth belong together, and what has no counterpart. */
function matchText(head: RunHead, differences: readonly PublishedDifference[]): string {
  const [first] = differences[0]!.cells;
  const { exitA, published } = first!;
  const { layers } = differences[0]!.modelA;
  const unmatched = differences.reduce((sum, { unmatchedCells }) => sum + unmatchedCells, 0);
  const left =
    unmatched === 0 ? '' : ` ${unmatched} cells of run ${head.run} are at depths that were not published.`;
  return `Cells are matched by relative depth: exit ${exitA} of ${layers} stands for layer ${published.exitA} of ${published.layers}.${left}`;
}
