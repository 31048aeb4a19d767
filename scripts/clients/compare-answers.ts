/** How many of our answers another program gives too, and how near it came to the others. */
import type { OurAnswers } from './our-answers.ts';

/** `24 of 24 equal`, and the first that is not. */
export function comparison(ours: readonly unknown[], theirs: readonly unknown[]): string {
  const different = ours.findIndex((answer, index) => !isEqual(answer, theirs[index]));
  if (different < 0) return count(ours, theirs);
  const texts = [ours, theirs].map((answers) => JSON.stringify(answers[different]));
  return `${count(ours, theirs)}; number ${different}: ours ${texts[0]}, theirs ${texts[1]}`;
}

/**
 * `22 of 24 equal`, and of each other answer how many tokens are, and the lead of our next token over theirs in our logits. A lead
 * of less than the rounding of float32 means that neither token is wrong.
 * @param theirs ids, an end of sequence included where it was reached
 */
export async function idComparison(
  ours: OurAnswers,
  theirs: readonly (readonly number[])[],
): Promise<string> {
  const ids = ours.answers.map((answer) => answer.ids);
  const lines = [count(ids, theirs)];
  for (const index of ids.keys()) {
    if (isEqual(ids[index], theirs[index])) continue;
    const { place, lead } = await firstDifference(ours, index, theirs[index]!);
    lines.push(
      `number ${index} parts after ${place} tokens: our logits prefer ours by ${lead.toExponential(1)}`,
    );
  }
  return lines.join('\n    ');
}

async function firstDifference(
  { answers, logitsAfter }: OurAnswers,
  index: number,
  theirs: readonly number[],
): Promise<{ place: number; lead: number }> {
  const { promptIds, ids } = answers[index]!;
  const place = ids.findIndex((id, at) => id !== theirs[at]);
  const logits = await logitsAfter([...promptIds, ...ids.slice(0, place)]);
  return { place, lead: logits[ids[place]!]! - logits[theirs[place]!]! };
}

function count(ours: readonly unknown[], theirs: readonly unknown[]): string {
  const equal = ours.filter((answer, index) => isEqual(answer, theirs[index])).length;
  return `${equal} of ${ours.length} equal`;
}

function isEqual(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
