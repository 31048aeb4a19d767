/** What a figure is laid out for: a screen, or the column of a paper. */

/** Lengths are in the figure's own CSS pixels, of which each becomes `scale` CSS pixels (1/96 inch) of its file. */
export interface Sheet {
  readonly kind: 'screen' | 'paper';
  readonly widthPx: number;
  readonly marginPx: number;
  readonly gapPx: number;
  readonly scale: number;
}

/** Title and notes are drawn above and below the charts. */
export const SCREEN: Sheet = { kind: 'screen', widthPx: 1200, marginPx: 24, gapPx: 24, scale: 1 };

/** Widths of one and two columns of a journal, millimeters. */
export const COLUMN_MM = { 1: 85, 2: 178 } as const;
export type PaperColumns = keyof typeof COLUMN_MM;

/** Letters of 13 and 14 pixels become those of 7.3 and 7.9 points. */
const PAPER_SCALE = 0.75;
const CSS_PX_PER_MM = 96 / 25.4;

/** Title and notes belong into the caption, and letters have their size in print. */
export function paperSheet(columns: PaperColumns): Sheet {
  const widthPx = (COLUMN_MM[columns] * CSS_PX_PER_MM) / PAPER_SCALE;
  return { kind: 'paper', widthPx, marginPx: 2, gapPx: 14, scale: PAPER_SCALE };
}

/** Between the margins, whole pixels. */
export function innerWidth({ widthPx, marginPx }: Sheet): number {
  return Math.floor(widthPx - 2 * marginPx);
}

/** Bounds of the width of equal panels: as many stand side by side as fit with it. */
const MIN_PANEL_PX = { screen: 540, paper: 270 } as const;

/** How many of some equal panels stand side by side. */
export function panelsPerRow(sheet: Sheet, panels: number): number {
  const fitting = Math.floor((innerWidth(sheet) + sheet.gapPx) / (MIN_PANEL_PX[sheet.kind] + sheet.gapPx));
  return Math.min(panels, Math.max(1, fitting));
}

/** Width of each of some equal panels. */
export function panelWidth(sheet: Sheet, panels: number): number {
  const perRow = panelsPerRow(sheet, panels);
  return Math.floor((innerWidth(sheet) - (perRow - 1) * sheet.gapPx) / perRow);
}
