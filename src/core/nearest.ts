/**
 * The one of `candidates` (at least one) that `word` was most likely meant to be: the fewest edits away among
 * those that begin with it (or it with them), else among all; the first of several.
 */
export function nearest(word: string, candidates: readonly string[]): string {
  // A pasted megabyte is no misspelling, and the distance takes the product of both lengths.
  const wanted = word.slice(0, 64).toLowerCase();
  const begun = candidates.filter((candidate) => sharesBeginning(wanted, candidate.toLowerCase()));
  const meant = begun.length > 0 ? begun : candidates;
  const distances = meant.map((candidate) => editDistance(wanted, candidate.toLowerCase()));
  return meant[distances.indexOf(Math.min(...distances))]!;
}

/** The candidate that `word` misspells; undefined where even the nearest has little of it. */
export function misspelled(word: string, candidates: readonly string[]): string | undefined {
  if (candidates.length === 0) return undefined;
  const meant = nearest(word, candidates);
  const [wanted, found] = [word.slice(0, 64).toLowerCase(), meant.toLowerCase()];
  const isNear = editDistance(wanted, found) <= Math.max(wanted.length, found.length) / 3;
  return isNear || sharesBeginning(wanted, found) ? meant : undefined;
}

/** Beginnings shorter than three characters are chance. */
function sharesBeginning(a: string, b: string): boolean {
  return Math.min(a.length, b.length) >= 3 && (a.startsWith(b) || b.startsWith(a));
}

/** Insertions, deletions, replacements and swaps of neighbors, of single code units (optimal string alignment). */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  let beforePrevious = previous;
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = previous[j - 1]! + Number(a[i - 1] !== b[j - 1]);
      const isSwapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swapped = isSwapped ? beforePrevious[j - 2]! + 1 : replaced;
      current.push(Math.min(replaced, swapped, previous[j]! + 1, current[j - 1]! + 1));
    }
    [beforePrevious, previous] = [previous, current];
  }
  return previous[b.length]!;
}
