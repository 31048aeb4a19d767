import type { ChartConfiguration } from 'chart.js';
// Adds the chart type 'matrix' to Chart.js' types; nothing of it remains in the compiled file.
import type {} from 'chartjs-chart-matrix';
import type { Sheet } from './sheet.ts';

/** One cell of a heatmap with everything that is drawn in it, so that a configuration can be read without drawing. */
export interface HeatmapPoint {
  /** Label of the column: the exit of model b. */
  readonly x: string;
  /** Label of the row: the exit of model a. */
  readonly y: string;
  /** `null`: there is no such number; the cell stays empty. */
  readonly v: number | null;
  readonly text: string;
  /** `#rrggbb` */
  readonly fill: string;
  /** `#rrggbb`, color of the text; at least 4.5 : 1 against `fill`. */
  readonly ink: string;
  /** Chance explains the number: drawn pale (`fill` is), with a dashed border. */
  readonly isChance?: boolean;
}

/** One point of a line; `y` is `null` where the line is interrupted. */
export interface LinePoint {
  readonly x: number;
  readonly y: number | null;
  /** Ends of its interval; absent or `null`: not known. */
  readonly low?: number | null | undefined;
  readonly high?: number | null | undefined;
  /** Drawn pale: too few data to lean on. */
  readonly isFaint?: boolean;
  /** What the results page shows of it on hover, beside the line's name. */
  readonly detail?: string;
}

/** Chart.js writes into what it is given, hence the mutable arrays. */
export type HeatmapConfig = ChartConfiguration<'matrix', HeatmapPoint[], string>;
export type LineConfig = ChartConfiguration<'line', LinePoint[], number>;
export type BarConfig = ChartConfiguration<'bar', number[], string>;
export type PanelConfig = HeatmapConfig | LineConfig | BarConfig;

/** One chart of a figure. The configuration runs in a browser as well: it uses nothing of Node. */
export interface Panel {
  /** Drawn above the chart, wrapped; `''` for none. */
  readonly title: string;
  readonly config: PanelConfig;
  /** Size of the chart without its title, in CSS pixels (a PNG has `PIXEL_RATIO` times as many). */
  readonly widthPx: number;
  readonly heightPx: number;
  /** Stands at the left even where the row above has room. */
  readonly startsRow?: boolean;
}

/** Charts under one title, placed in rows from the left and wrapped at the figure's width. */
export interface Figure {
  readonly title: string;
  /** One paragraph each: what a reader needs to trust the numbers. */
  readonly footer: readonly string[];
  /** CSS pixels. */
  readonly widthPx: number;
  readonly panels: readonly Panel[];
  /** What it is laid out for. Default: a screen. */
  readonly sheet?: Sheet;
}
