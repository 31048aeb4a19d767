import { TITLE_LINE_PX, titleLines } from '../axis/axis-title.ts';
import type { Panel } from '../chart/figure.ts';
import { innerWidth, SCREEN } from '../chart/sheet.ts';
import type { HeatmapPanel } from './heatmap-types.ts';

const AXIS_PX = 66;
export const COLOR_BAR_PX = 92;
export const MIN_CELL_WIDTH_PX = 48;
const MAX_CELL_WIDTH_PX = 100;
/** A single column is wider, for its axis title. */
const MIN_PLOT_WIDTH_PX = 200;
const CELL_HEIGHT_PX = 44;
const MIN_PLOT_HEIGHT_PX = 144;
const MIN_FIGURE_WIDTH_PX = 800;

/** Two panels share a row while their numbers stay legible; then one panel has the row, then the figure grows. */
export function chooseCellWidth(panels: readonly HeatmapPanel[]): number {
  const columns = Math.max(...panels.map((panel) => panel.exitsB.length));
  const besidePx = Math.max(...panels.map(besideCells));
  const innerPx = innerWidth(SCREEN);
  const widthIn = (slotPx: number) => Math.floor((slotPx - besidePx) / columns);
  const shared = widthIn(panels.length === 1 ? innerPx : (innerPx - SCREEN.gapPx) / 2);
  const widthPx = shared >= MIN_CELL_WIDTH_PX ? shared : widthIn(innerPx);
  const widest = columns === 1 ? MIN_PLOT_WIDTH_PX : MAX_CELL_WIDTH_PX;
  return Math.min(widest, Math.max(MIN_CELL_WIDTH_PX, widthPx));
}

/** Size of one matrix with its axes and color bar. */
export function panelSize(panel: HeatmapPanel, cellWidthPx: number): Pick<Panel, 'widthPx' | 'heightPx'> {
  return {
    widthPx: panel.exitsB.length * cellWidthPx + besideCells(panel),
    heightPx: rowAxis(panel).lengthPx + AXIS_PX + extraLinesPx(columnAxis(panel)),
  };
}

/** As wide as `perRow` panels need; by default as a row of two needs, or as one panel where two do not fit. */
export function figureWidth(panels: readonly Panel[], perRow?: number): number {
  const widest = Math.max(...panels.map((panel) => panel.widthPx));
  if (perRow !== undefined) return perRow * (widest + SCREEN.gapPx) - SCREEN.gapPx + 2 * SCREEN.marginPx;
  const rowPx = Math.min(2, panels.length) * (widest + SCREEN.gapPx) - SCREEN.gapPx;
  const neededPx = rowPx <= innerWidth(SCREEN) ? rowPx : widest;
  return Math.max(MIN_FIGURE_WIDTH_PX, neededPx + 2 * SCREEN.marginPx);
}

/** Width of what stands left and right of the cells. */
function besideCells(panel: HeatmapPanel): number {
  return AXIS_PX + extraLinesPx(rowAxis(panel)) + COLOR_BAR_PX;
}

function extraLinesPx({ title, lengthPx }: Axis): number {
  return (titleLines(title, lengthPx).length - 1) * TITLE_LINE_PX;
}

export interface Axis {
  readonly labels: string[];
  readonly title: string;
  /** CSS pixels that the axis has at least. */
  readonly lengthPx: number;
}

export const rowTitle = ({ modelA }: HeatmapPanel) => `${modelA} exit (layers)`;
export const columnTitle = ({ modelB }: HeatmapPanel) => `${modelB} exit (layers)`;

/** The exits of model a, from top to bottom. */
export function rowAxis(panel: HeatmapPanel): Axis {
  const lengthPx = Math.max(MIN_PLOT_HEIGHT_PX, panel.exitsA.length * CELL_HEIGHT_PX);
  return { labels: panel.exitsA.map(String), title: rowTitle(panel), lengthPx };
}

/** The exits of model b, from left to right. */
export function columnAxis(panel: HeatmapPanel): Axis {
  const lengthPx = Math.max(MIN_PLOT_WIDTH_PX, panel.exitsB.length * MIN_CELL_WIDTH_PX);
  return { labels: panel.exitsB.map(String), title: columnTitle(panel), lengthPx };
}
