import type { Cell } from '../../core/domain.ts';
import type { Figure } from '../chart/figure.ts';
import { DIVERGING } from '../chart/palette.ts';
import { heatmaps } from '../heatmap/heatmap.ts';
import type { HeatmapScale } from '../heatmap/heatmap-types.ts';

/** One comparison of a run: its scores minus the published ones. */
export interface DifferencePanel {
  readonly modelA: string;
  readonly modelB: string;
  /** How the published table calls model b. */
  readonly baseline: string;
  readonly exitsA: readonly number[];
  readonly exitsB: readonly number[];
  /** Cells without a published counterpart are absent. */
  readonly cells: readonly (Cell & { readonly difference: number })[];
}

export interface DifferenceHeatmapsInput {
  readonly run: string;
  readonly judge: string;
  /** n: instructions behind each cell. */
  readonly instructions: number;
  readonly panels: readonly DifferencePanel[];
  /** Where the published scores come from, judge, matching: one paragraph each. */
  readonly notes: readonly string[];
}

/** Half of what is possible, so that usual differences are seen; fixed, so that figures can be laid side by side. */
export const DIFFERENCE_SCALE: HeatmapScale = {
  label: 'Score of this run − published score',
  min: -1,
  max: 1,
  palette: DIVERGING,
  digits: 2,
};

const READING =
  'Above 0 (blue): the sub-model of the row does better in this run than in the published table. ' +
  'Differences beyond ±1 have the colour of the end.';

/** Where a run departs from published scores. @throws InputError `empty` without panels or cells. */
export function differenceHeatmaps(input: DifferenceHeatmapsInput): Figure {
  const { run, judge, instructions, panels, notes } = input;
  return heatmaps({
    title: `Score of run ${run} minus the published score (judge: ${judge}, n\u00a0=\u00a0${instructions})`,
    footer: [READING, ...notes],
    panels: panels.map(({ baseline, cells, ...panel }) => ({
      ...panel,
      title: `${panel.modelA} against ${panel.modelB} (published: ${baseline})`,
      cells: cells.map(({ exitA, exitB, difference }) => ({ exitA, exitB, value: difference })),
    })),
    scale: DIFFERENCE_SCALE,
  });
}
