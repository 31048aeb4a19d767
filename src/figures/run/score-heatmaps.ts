import type { Cell } from '../../core/domain.ts';
import type { Figure } from '../chart/figure.ts';
import { type HeatmapPanel, type HeatmapScale, heatmaps } from '../chart/heatmap.ts';
import { DIVERGING } from '../chart/palette.ts';

/** One comparison: model a at its exits (rows) against model b at its exits (columns). */
export interface ScorePanel {
  /** Names as they stand in axis titles, e.g. `SoFT`. */
  readonly modelA: string;
  readonly modelB: string;
  readonly exitsA: readonly number[];
  readonly exitsB: readonly number[];
  /** Pairs that were not judged are absent. */
  readonly cells: readonly (Cell & { readonly score: number | null })[];
}

export interface ScoreHeatmapsInput {
  readonly panels: readonly ScorePanel[];
  readonly judge: string;
  /** n: instructions behind each cell. */
  readonly instructions: number;
  /** Policy, deviations, malformed share: one paragraph each, printed under the matrices. */
  readonly notes: readonly string[];
}

/** Fixed, so that figures of different runs can be laid side by side. */
export const SCORE_SCALE: HeatmapScale = { label: 'Score', min: -1, max: 1, palette: DIVERGING, digits: 2 };

const READING = 'Score = (wins − losses) / total. Above 0 (blue): the sub-model of the row is preferred.';

/** Figure 1 of the paper. @throws InputError `empty` without panels or cells. */
export function scoreHeatmaps(input: ScoreHeatmapsInput): Figure {
  const names = input.panels.map((panel) => `${panel.modelA} against ${panel.modelB}`);
  const subject = names.length > 3 ? `${names.length} comparisons` : names.join(', ');
  return heatmaps({
    title: `Score by exit: ${subject} (judge: ${input.judge}, n\u00a0=\u00a0${input.instructions})`,
    footer: [READING, ...input.notes],
    panels: input.panels.map((panel, index) => toHeatmap(panel, names[index]!)),
    scale: SCORE_SCALE,
  });
}

function toHeatmap(panel: ScorePanel, title: string): HeatmapPanel {
  const cells = panel.cells.map(({ exitA, exitB, score }) => ({ exitA, exitB, value: score }));
  return { ...panel, title, cells };
}
