/** What a heatmap shows, and how its numbers look. */
import type { Palette } from '../chart/palette.ts';
import type { Sheet } from '../chart/sheet.ts';

/** A number for one pair of exits. */
export interface HeatmapCell {
  /** Layers of model a's sub-model: the row. */
  readonly exitA: number;
  /** Layers of model b's sub-model: the column. */
  readonly exitB: number;
  /** `null`: there is no such number; the cell shows a dash. */
  readonly value: number | null;
  /** Chance explains the number: the cell is pale and has a dashed border. */
  readonly isChance?: boolean;
}

export interface HeatmapPanel {
  readonly title: string;
  /** Names of the models, for the axis titles. */
  readonly modelA: string;
  readonly modelB: string;
  /** Rows from top to bottom. */
  readonly exitsA: readonly number[];
  /** Columns from left to right. */
  readonly exitsB: readonly number[];
  /** In any order; a pair that is absent is drawn as an empty cell with a dash. */
  readonly cells: readonly HeatmapCell[];
  /** Default: that of the figure. */
  readonly scale?: HeatmapScale;
}

/** How a number becomes a color and a text. */
export interface HeatmapScale {
  /** Stands beside the color bar; unit included. */
  readonly label: string;
  readonly min: number;
  readonly max: number;
  /** From `min` to `max`; a number beyond them has the color of the end, and its own text. */
  readonly palette: Palette;
  /** Decimals of the numbers in the cells. */
  readonly digits: number;
}

export interface HeatmapsInput {
  readonly title: string;
  readonly footer: readonly string[];
  readonly panels: readonly HeatmapPanel[];
  readonly scale: HeatmapScale;
  /** Most matrices side by side; on a screen the figure becomes as wide as they need. Default: two, on paper as many as fit. */
  readonly perRow?: number;
  /** Default: a screen. */
  readonly sheet?: Sheet | undefined;
}
