import type { FontSpec } from 'chart.js';

/**
 * A name of our own, so that an Inter installed on the machine can never stand in for the bundled one.
 * A web page declares the same name with `@font-face`.
 */
export const FONT_FAMILY = 'Sorted Eval Inter';
export const FONT_REGULAR = 400;
export const FONT_BOLD = 600;

/** PNG pixels per CSS pixel. */
export const PIXEL_RATIO = 2;

export const INK = '#1a1a1a';
export const MUTED_INK = '#4d4d4d';
export const GRID = '#e3e3e3';
export const PAPER = '#ffffff';

export interface TextStyle {
  readonly sizePx: number;
  readonly weight: number;
  readonly color: string;
}

export const TITLE: TextStyle = { sizePx: 20, weight: FONT_BOLD, color: INK };
export const PANEL_TITLE: TextStyle = { sizePx: 16, weight: FONT_BOLD, color: INK };
/** On paper no letter is larger than the text around the figure. */
export const PAPER_PANEL_TITLE: TextStyle = { sizePx: 14, weight: FONT_BOLD, color: INK };
export const AXIS_TITLE: TextStyle = { sizePx: 14, weight: FONT_REGULAR, color: INK };
export const LABEL: TextStyle = { sizePx: 13, weight: FONT_REGULAR, color: INK };
export const FOOTER: TextStyle = { sizePx: 13, weight: FONT_REGULAR, color: MUTED_INK };

/** CSS `font` value, as a canvas takes it. */
export function cssFont(style: TextStyle): string {
  return `${style.weight} ${style.sizePx}px "${FONT_FAMILY}"`;
}

/** The same as Chart.js takes it. */
export function chartFont(style: TextStyle): Partial<FontSpec> {
  return { family: FONT_FAMILY, size: style.sizePx, weight: style.weight };
}

/** What every chart has in common. Locale and font are set so that no machine's own come in. */
export function baseOptions() {
  return {
    animation: false as const,
    maintainAspectRatio: false,
    locale: 'en-US',
    color: INK,
    backgroundColor: PAPER,
    font: chartFont(LABEL),
  };
}

export function axisTicks() {
  return { color: LABEL.color, font: chartFont(LABEL) };
}
