/** Which exits a table has rows for, as an address names them. Pure. */

/** @param setting exits with commas between them; `''`, and one that names none of them: all */
export function shownExits(all: readonly number[], setting: string): readonly number[] {
  const named = setting.split(',').map(Number);
  const shown = all.filter((exit) => named.includes(exit));
  return shown.length === 0 ? all : shown;
}

/** The setting after an exit was switched on or off. */
export function withExit(all: readonly number[], shown: readonly number[], exit: number): string {
  const isShown = shown.includes(exit);
  const next = all.filter((one) => (one === exit ? !isShown : shown.includes(one)));
  return next.length === all.length ? '' : next.join(',');
}
