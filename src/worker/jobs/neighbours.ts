/** Where a list of prompts is cut: the pieces as [first, one after the last]. */
type Range = readonly [start: number, end: number];

/**
 * Cuts prompts whose neighbours begin alike into pieces of about `size`, from half of it to one and a half: each
 * time where the common beginning of two neighbours is shortest, so that what shares most stays together.
 */
export function cutNeighbours(texts: readonly string[], size: number): Range[] {
  const ranges: Range[] = [];
  for (let start = 0; start < texts.length; start = ranges.at(-1)![1]) {
    const least = start + Math.max(1, Math.ceil(size / 2));
    const most = start + Math.floor((size * 3) / 2);
    ranges.push([start, most >= texts.length ? texts.length : weakestJoint(texts, least, most)]);
  }
  return ranges;
}

/** The place from `least` to `most` where a text has least in common with the one before it. */
function weakestJoint(texts: readonly string[], least: number, most: number): number {
  let weakest = least;
  let shortest = Number.POSITIVE_INFINITY;
  for (let place = least; place <= most; place++) {
    const common = commonBeginning(texts[place - 1]!, texts[place]!);
    if (common < shortest) [weakest, shortest] = [place, common];
  }
  return weakest;
}

function commonBeginning(left: string, right: string): number {
  const end = Math.min(left.length, right.length);
  let length = 0;
  while (length < end && left.charCodeAt(length) === right.charCodeAt(length)) length++;
  return length;
}
