/** Matrices on paper: square cells, as many matrices in a row as leave their numbers legible. */
import { TITLE_LINE_PX, titleLines } from '../axis/axis-title.ts';
import { innerWidth, type Sheet } from '../chart/sheet.ts';
import { columnTitle, rowTitle } from './heatmap-size.ts';
import type { HeatmapPanel } from './heatmap-types.ts';

/** What one matrix is laid out as; all in CSS pixels. */
export interface MatrixFrame {
  readonly cellPx: number;
  /** Of the vertical axis, and of the horizontal one. */
  readonly rowAxisPx: number;
  readonly columnAxisPx: number;
  /** Lines; none where the matrix at the left has the same title. */
  readonly rowTitle: readonly string[];
  readonly columnTitle: readonly string[];
  readonly startsRow: boolean;
}

/** The narrowest cell that has room for two decimals in letters of 7 points, and the widest of matrices with many. */
const MIN_CELL_PX = 30;
const MAX_CELL_PX = 52;
/** Of an axis: its titles need it. */
const MIN_AXIS_PX = 110;
/** Of the labels of rows, and of columns. */
const DIGIT_PX = 8;
const TICK_PX = 14;
const COLUMN_LABELS_PX = 28;
/** Of an axis title with one line. */
const TITLE_PX = 25;

/** One frame for each matrix, in order. @param most matrices side by side */
export function paperFrames(
  panels: readonly HeatmapPanel[],
  sheet: Sheet,
  most = panels.length,
): MatrixFrame[] {
  const perRow = matricesPerRow(panels, sheet, Math.min(most, panels.length));
  const widest = Math.max(MAX_CELL_PX, Math.ceil(MIN_AXIS_PX / fewestCells(panels)));
  const cellPx = Math.max(4, Math.min(widest, cellWidth(panels, perRow, sheet)));
  return panels.map((panel, index) => ({
    ...frameOf(panel, leftOf(panels, index, perRow), cellPx),
    startsRow: index % perRow === 0,
  }));
}

/** As many as leave room for numbers and titles; at least one. */
function matricesPerRow(panels: readonly HeatmapPanel[], sheet: Sheet, most: number): number {
  const counts = Array.from({ length: most }, (_, index) => most - index);
  const needed = Math.max(MIN_CELL_PX, MIN_AXIS_PX / fewestCells(panels));
  return counts.find((perRow) => cellWidth(panels, perRow, sheet) >= needed) ?? 1;
}

function cellWidth(panels: readonly HeatmapPanel[], perRow: number, sheet: Sheet): number {
  const columns = Math.max(...panels.map(({ exitsB }) => exitsB.length));
  return Math.floor(freeWidth(panels, perRow, sheet) / (perRow * columns));
}

function fewestCells(panels: readonly HeatmapPanel[]): number {
  return Math.min(...panels.flatMap(({ exitsA, exitsB }) => [exitsA.length, exitsB.length]));
}

/** What the row with the widest axes leaves for cells. */
function freeWidth(panels: readonly HeatmapPanel[], perRow: number, sheet: Sheet): number {
  const widths = panels.map((panel, index) => rowAxisWidth(panel, leftOf(panels, index, perRow)));
  const starts = widths.flatMap((_, index) => (index % perRow === 0 ? [index] : []));
  const axes = starts.map((start) =>
    widths.slice(start, start + perRow).reduce((sum, width) => sum + width, 0),
  );
  return innerWidth(sheet) - (perRow - 1) * sheet.gapPx - Math.max(...axes);
}

/** The matrix at the left in the same row. */
function leftOf(panels: readonly HeatmapPanel[], index: number, perRow: number): HeatmapPanel | undefined {
  return index % perRow === 0 ? undefined : panels[index - 1];
}

function frameOf(
  panel: HeatmapPanel,
  left: HeatmapPanel | undefined,
  cellPx: number,
): Omit<MatrixFrame, 'startsRow'> {
  const columns = titleOf(columnTitle(panel), panel.exitsB.length);
  return {
    cellPx,
    rowAxisPx: rowAxisWidth(panel, left),
    columnAxisPx: COLUMN_LABELS_PX + titleHeight(columns),
    rowTitle: ownRowTitle(panel, left),
    columnTitle: columns,
  };
}

function rowAxisWidth(panel: HeatmapPanel, left: HeatmapPanel | undefined): number {
  const digits = Math.max(...panel.exitsA.map((exit) => String(exit).length));
  return digits * DIGIT_PX + TICK_PX + titleHeight(ownRowTitle(panel, left));
}

/** A title that the matrix at the left has, too, is said once. */
function ownRowTitle(panel: HeatmapPanel, left: HeatmapPanel | undefined): string[] {
  if (left !== undefined && rowTitle(left) === rowTitle(panel)) return [];
  return titleOf(rowTitle(panel), panel.exitsA.length);
}

/** Broken as the smallest cells need, so that its room does not depend on what it leaves. */
function titleOf(title: string, cells: number): string[] {
  return titleLines(title, Math.max(MIN_AXIS_PX, cells * MIN_CELL_PX));
}

function titleHeight({ length }: readonly string[]): number {
  return length === 0 ? 0 : TITLE_PX + (length - 1) * TITLE_LINE_PX;
}
