import type { Figure, Panel } from './figure.ts';
import { SCREEN, type Sheet } from './sheet.ts';
import { FOOTER, PANEL_TITLE, PAPER_PANEL_TITLE, type TextStyle, TITLE } from './style.ts';

/** Width of a text in CSS pixels; the canvas and the browser each have their own. */
export type MeasureText = (text: string, style: TextStyle) => number;

export interface PlacedText {
  readonly text: string;
  readonly style: TextStyle;
  readonly align: 'left' | 'center';
  /** Left end or middle of the line, CSS pixels. */
  readonly x: number;
  /** Vertical middle of the line, CSS pixels. */
  readonly y: number;
}

export interface PlacedPanel {
  readonly panel: Panel;
  /** Upper left corner of the chart, CSS pixels. */
  readonly x: number;
  readonly y: number;
}

/** Where everything of a figure goes. All in CSS pixels. */
export interface Layout {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly texts: readonly PlacedText[];
  readonly panels: readonly PlacedPanel[];
}

const LINE_HEIGHT = 1.35;

/**
 * Title, rows of panels, footer, from top to bottom; texts wrap, so the height follows from the width. Paper has the panels
 * alone: title and footer are its caption.
 */
export function layOut(figure: Figure, measure: MeasureText): Layout {
  const { widthPx, sheet = SCREEN } = figure;
  const { marginPx, gapPx } = sheet;
  const innerPx = widthPx - 2 * marginPx;
  const isScreen = sheet.kind === 'screen';
  const title = block(
    isScreen ? wrap(figure.title, TITLE, innerPx, measure) : [],
    TITLE,
    marginPx,
    marginPx,
    'left',
  );
  const texts = [...title.texts];
  const panels: PlacedPanel[] = [];
  let y = title.bottom + (isScreen ? gapPx : 0);
  for (const row of rowsOf(figure.panels, innerPx, gapPx)) {
    const placed = placeRow(row, widthPx, y, sheet, measure);
    texts.push(...placed.texts);
    panels.push(...placed.panels);
    y = placed.bottom + gapPx;
  }
  for (const paragraph of isScreen ? figure.footer : []) {
    const lines = wrap(paragraph, FOOTER, innerPx, measure);
    const placed = block(lines, FOOTER, marginPx, y, 'left');
    texts.push(...placed.texts);
    y = placed.bottom;
  }
  return { widthPx, heightPx: Math.ceil(y + marginPx - (isScreen ? 0 : gapPx)), texts, panels };
}

/** Panels in reading order, as many in a row as fit. */
function rowsOf(panels: readonly Panel[], innerPx: number, gapPx: number): Panel[][] {
  const rows: Panel[][] = [];
  let usedPx = Number.POSITIVE_INFINITY;
  for (const panel of panels) {
    usedPx += gapPx + panel.widthPx;
    if (usedPx > innerPx || panel.startsRow === true) {
      rows.push([]);
      usedPx = panel.widthPx;
    }
    rows.at(-1)!.push(panel);
  }
  return rows;
}

/** One row, centred; charts of a row start at one height, whatever their titles need. */
function placeRow(row: readonly Panel[], widthPx: number, top: number, sheet: Sheet, measure: MeasureText) {
  const { gapPx, kind } = sheet;
  const style = kind === 'screen' ? PANEL_TITLE : PAPER_PANEL_TITLE;
  const texts: PlacedText[] = [];
  const panels: PlacedPanel[] = [];
  const rowPx = row.reduce((sum, panel) => sum + panel.widthPx, (row.length - 1) * gapPx);
  const titles = row.map((panel) => wrap(panel.title, style, panel.widthPx, measure));
  const titleLines = Math.max(...titles.map((lines) => lines.length));
  const belowTitlePx = titleLines === 0 && kind === 'paper' ? 0 : 6;
  const chartTop = top + Math.ceil(titleLines * style.sizePx * LINE_HEIGHT) + belowTitlePx;
  let x = Math.round((widthPx - rowPx) / 2);
  for (const [index, panel] of row.entries()) {
    texts.push(...block(titles[index]!, style, x + panel.widthPx / 2, top, 'center').texts);
    panels.push({ panel, x, y: chartTop });
    x += panel.widthPx + gapPx;
  }
  return { texts, panels, bottom: chartTop + Math.max(...row.map((panel) => panel.heightPx)) };
}

function block(
  lines: readonly string[],
  style: TextStyle,
  x: number,
  top: number,
  align: PlacedText['align'],
): { texts: PlacedText[]; bottom: number } {
  const linePx = style.sizePx * LINE_HEIGHT;
  const texts = lines.map((text, index) => ({ text, style, align, x, y: top + (index + 0.5) * linePx }));
  return { texts, bottom: Math.ceil(top + lines.length * linePx) };
}

/**
 * Lines no wider than `widthPx`, broken at white space other than no-break spaces, and inside a word only where the
 * word alone is too wide.
 */
export function wrap(text: string, style: TextStyle, widthPx: number, measure: MeasureText): string[] {
  const fits = (candidate: string) => measure(candidate, style) <= widthPx;
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/[ \t\r\n]+/).filter((part) => part !== '')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (fits(longer)) {
      line = longer;
      continue;
    }
    if (line !== '') lines.push(line);
    const pieces = breakWord(word, fits);
    lines.push(...pieces.slice(0, -1));
    line = pieces.at(-1)!;
  }
  return line === '' ? lines : [...lines, line];
}

function breakWord(word: string, fits: (text: string) => boolean): string[] {
  const pieces = [''];
  for (const part of partsOf(word, fits)) {
    const longer = pieces.at(-1)! + part;
    if (fits(longer) || longer === part) pieces[pieces.length - 1] = longer;
    else pieces.push(part);
  }
  return pieces;
}

/** Pieces that belong together: up to a hyphen, slash or underscore, or, where these are too wide, what looks like one letter. */
function partsOf(word: string, fits: (text: string) => boolean): string[] {
  return word
    .split(/(?<=[-/_])/)
    .flatMap((part) => (fits(part) ? [part] : [...letters.segment(part)].map(({ segment }) => segment)));
}

const letters = new Intl.Segmenter('en');
