import type { Tokenizer } from '../../model/tokenizer/tokenizer.ts';

/**
 * Where the text of each token ends in the whole text, in UTF-16 units; never falling. A token that ends within a
 * character, or adds nothing, ends where the one before it does.
 * @param text of all the tokens
 */
export function tokenEnds(
  tokenizer: Pick<Tokenizer, 'decode'>,
  tokenIds: readonly number[],
  text: string,
): number[] {
  const ends: number[] = [];
  for (const index of tokenIds.keys()) {
    const begun = tokenizer.decode(tokenIds.slice(0, index + 1));
    ends.push(Math.max(ends.at(-1) ?? 0, commonLength(begun, text)));
  }
  if (ends.length > 0) ends[ends.length - 1] = text.length;
  return ends;
}

function commonLength(one: string, other: string): number {
  let length = 0;
  while (length < one.length && one[length] === other[length]) length += 1;
  return length;
}
