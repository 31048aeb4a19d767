/** The one of `candidates` (at least one) that takes the fewest edits to become `word`; the first where several do. */
export function nearest(word: string, candidates: readonly string[]): string {
  // A pasted megabyte is no misspelling, and the distance takes the product of both lengths.
  const wanted = word.slice(0, 64).toLowerCase();
  const distances = candidates.map((candidate) => editDistance(wanted, candidate.toLowerCase()));
  return candidates[distances.indexOf(Math.min(...distances))]!;
}

/** Levenshtein: insertions, deletions and replacements of single code units. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = previous[j - 1]! + Number(a[i - 1] !== b[j - 1]);
      current.push(Math.min(replaced, previous[j]! + 1, current[j - 1]! + 1));
    }
    previous = current;
  }
  return previous[b.length]!;
}
