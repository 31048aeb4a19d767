import type { Cell } from '../../core/domain.ts';
import { isAllMalformed } from '../../metrics/score.ts';
import { isByChance, SIGNIFICANCE } from '../../metrics/sign-test.ts';
import type { RunHead } from '../../store/read/run-head.ts';
import { scoresRead } from '../../store/read/score-reads.ts';
import type { CellScore } from '../../store/tables/score-table.ts';
import type { Figure } from '../chart/figure.ts';
import { DIVERGING } from '../chart/palette.ts';
import type { Sheet } from '../chart/sheet.ts';
import { heatmaps } from '../heatmap/heatmap.ts';
import type { HeatmapPanel, HeatmapScale } from '../heatmap/heatmap-types.ts';
import { labelOf } from './labels.ts';
import type { RunFigure } from './run-figure.ts';
import { type ScoreEvidence, scoreEvidenceReads, scoreNotes } from './score-notes.ts';

/** Figure 1 of the paper: one matrix for each comparison, under one policy. */
export const SCORES_FIGURE: RunFigure<{ scores: readonly CellScore[] }, ScoreEvidence> = {
  name: 'scores',
  title: 'Scores',
  alt: 'Matrices of scores by exit',
  missing: 'Nothing is scored yet.',
  section: 'scores',
  reads: ({ run }, { policy }) => ({ scores: scoresRead(run, policy) }),
  draw(head, { scores }, { sheet }) {
    if (scores.length === 0 || head.judge === null) return undefined;
    return scoreHeatmaps({
      judge: head.judge,
      instructions: head.instructions,
      panels: scoredComparisons(head, scores).map(({ name, modelA, modelB, exitsA, exitsB }) => ({
        modelA: labelOf(head, modelA),
        modelB: labelOf(head, modelB),
        exitsA,
        exitsB,
        cells: scores.filter(({ comparison }) => comparison === name).map(readableScore),
      })),
      notes: [],
      sheet,
    });
  },
  notes: { reads: scoreEvidenceReads, paragraphs: scoreNotes },
};

/** One for each panel of the figure, in order: comparisons without any score have none. */
export function scoredComparisons({ comparisons }: RunHead, scores: readonly CellScore[]) {
  const scored = new Set(scores.map(({ comparison }) => comparison));
  return comparisons.filter(({ name }) => scored.has(name));
}

/** Without a readable verdict a cell is drawn as missing. */
function readableScore(cell: CellScore) {
  const { exitA, exitB, score } = cell;
  return { exitA, exitB, score: isAllMalformed(cell) ? null : score, isChance: isByChance(cell) };
}

/** One comparison: model a at its exits (rows) against model b at its exits (columns). */
export interface ScorePanel {
  /** Names as they stand in axis titles, e.g. `SoFT`. */
  readonly modelA: string;
  readonly modelB: string;
  readonly exitsA: readonly number[];
  readonly exitsB: readonly number[];
  /** Pairs that were not judged are absent. */
  readonly cells: readonly ScoreCell[];
}

export interface ScoreCell extends Cell {
  readonly score: number | null;
  /** Chance explains the score. */
  readonly isChance?: boolean;
}

export interface ScoreHeatmapsInput {
  readonly panels: readonly ScorePanel[];
  readonly judge: string;
  /** n: instructions behind each cell. */
  readonly instructions: number;
  /** One paragraph each, printed under the matrices. */
  readonly notes: readonly string[];
  /** Default: a screen. */
  readonly sheet?: Sheet | undefined;
}

/** Fixed, so that figures of different runs can be laid side by side. */
export const SCORE_SCALE: HeatmapScale = { label: 'Score', min: -1, max: 1, palette: DIVERGING, digits: 2 };

const READING = 'Score = (wins − losses) / total. Above 0 (blue): the sub-model of the row is preferred.';

const CHANCE = ` Pale with a dashed border: chance explains it (sign test, corrected p above ${SIGNIFICANCE}).`;

function readingOf({ panels }: ScoreHeatmapsInput): string {
  const hasChance = panels.some(({ cells }) =>
    cells.some(({ isChance, score }) => isChance && score !== null),
  );
  return hasChance ? `${READING}${CHANCE}` : READING;
}

/** Figure 1 of the paper. @throws InputError `empty` without panels or cells. */
export function scoreHeatmaps(input: ScoreHeatmapsInput): Figure {
  const names = input.panels.map((panel) => `${panel.modelA} against ${panel.modelB}`);
  const subject = names.length > 3 ? `${names.length} comparisons` : names.join(', ');
  return heatmaps({
    title: `Score by exit: ${subject} (judge: ${input.judge}, n\u00a0=\u00a0${input.instructions})`,
    footer: [readingOf(input), ...input.notes],
    panels: input.panels.map((panel, index) => toHeatmap(panel, names[index]!)),
    scale: SCORE_SCALE,
    sheet: input.sheet,
  });
}

function toHeatmap(panel: ScorePanel, title: string): HeatmapPanel {
  const cells = panel.cells.map(({ score, ...cell }) => ({ ...cell, value: score }));
  return { ...panel, title, cells };
}
