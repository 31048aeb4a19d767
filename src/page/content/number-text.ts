/** Numbers as the page writes them. */

export function score(value: number): string {
  // An en dash as minus would not be copied as a number.
  const text = value.toFixed(2);
  return text === '-0.00' ? '0.00' : text;
}

export function percent(share: number, digits = 1): string {
  return `${(100 * share).toFixed(digits)} %`;
}

/** `0.012`, `< 0.001`. */
export function probability(value: number): string {
  return value < 0.001 ? '< 0.001' : value.toFixed(3);
}

export function count(value: number): string {
  return value.toLocaleString('en-US');
}

/** Halves occur, since counts are means over two orders. */
export function half(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(1);
}

/** `2026-11-27 03:25 UTC` */
export function moment(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;
}

/** Significant digits of a fraction in a table. */
const DIGITS = 4;

/** Integers as they are, fractions rounded. */
export function shortNumber(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(DIGITS)));
}
