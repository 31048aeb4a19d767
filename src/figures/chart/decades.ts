/** Powers of ten from decimal digits, which are exact: `Math.log10` and `**` are not the same on every processor. */

/** The power of ten of a positive number's first digit: 0.01 for 0.05, 100 for 999. */
export function decade(value: number): number {
  return Number(`1e${value.toExponential().split('e')[1]}`);
}

/** Without the last bits of a product: 0.05000000000000001 is 0.05. */
export function tidy(value: number): number {
  return Number(value.toPrecision(6));
}
