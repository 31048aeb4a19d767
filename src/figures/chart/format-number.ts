/** A number with a true minus sign, and without a sign where it rounds to zero. */
export function fixed(value: number, digits: number): string {
  const text = Math.abs(value).toFixed(digits);
  return value < 0 && Number(text) !== 0 ? `−${text}` : text;
}

/** At most two decimals, and no more than the number needs: for ticks, which Chart.js gives as 0.30000000000000004. */
export function tickText(value: number): string {
  const rounded = Number(Math.abs(value).toFixed(2));
  return value < 0 && rounded !== 0 ? `−${rounded}` : `${rounded}`;
}

const THOUSANDS = ['', 'k', 'M', 'G', 'T'];
const UNITS = [1, 1e3, 1e6, 1e9, 1e12];
const COUNT_SUFFIXES = ['', ' k', ' M', ' billion', ' trillion'];

/** `1.23 M`, `6.74 billion`: three significant digits. */
export function humanCount(value: number): string {
  return scaled(value, COUNT_SUFFIXES);
}

/** `4.92 MB`, `13.5 GB`: decimal units (1 MB = 1,000,000 bytes), three significant digits. */
export function humanBytes(value: number): string {
  return scaled(
    value,
    THOUSANDS.map((prefix) => ` ${prefix}B`),
  );
}

function scaled(value: number, suffixes: readonly string[]): string {
  const power = Math.max(
    0,
    UNITS.slice(0, suffixes.length).findLastIndex((unit) => value >= unit),
  );
  // 999,950 would print as 1000 k: rounding comes before the choice of the unit.
  const rounded = Number((value / UNITS[power]!).toPrecision(3));
  if (rounded >= 1000 && power < suffixes.length - 1) return `1${suffixes[power + 1]}`;
  return `${rounded}${suffixes[power]}`;
}
