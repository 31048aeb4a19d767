const NEVER = /(?!)/g;

/** Finds names. Of two that begin at one place the longer one is meant, as in the library. */
export function namesIn(special: ReadonlyMap<string, number>): RegExp {
  const names = [...special.keys()].sort((left, right) => right.length - left.length);
  if (names.length === 0) return NEVER;
  return new RegExp(names.map((name) => name.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('|'), 'g');
}
