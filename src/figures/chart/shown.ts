/**
 * The one place where a number is rounded before it is drawn or written beside a mark. Sums, and above all functions such as
 * `exp` and `log`, may differ in their last bits from processor to processor; nobody can see that, and rounded no file holds
 * it. Heatmaps round to the decimals of their cells.
 */

/** Significant digits of a mark's place and of the text at it. */
const SHOWN_DIGITS = 4;

/** What is drawn in place of a number. */
export function shown(value: number): number {
  return Number(value.toPrecision(SHOWN_DIGITS));
}

/** What is drawn in place of a number with so many decimals. */
export function shownFixed(value: number, decimals: number): number {
  return Number(value.toFixed(decimals));
}

/** `1,045` */
export function shownText(value: number): string {
  const text = Math.abs(shown(value)).toLocaleString('en-US', { maximumSignificantDigits: SHOWN_DIGITS });
  return value < 0 && shown(value) !== 0 ? `−${text}` : text;
}

/** Steps of a CSS pixel at which marks may stand: finer than any printer. */
const STEPS_OF_PIXEL = 16;

/** Where a mark is drawn in place of a computed place; a logarithmic axis computes with `Math.log10`. */
export function shownPixel(px: number): number {
  return Math.round(px * STEPS_OF_PIXEL) / STEPS_OF_PIXEL;
}
