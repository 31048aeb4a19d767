import type { Tokenizer } from '../../model/tokenizer/tokenizer.ts';

type Spelling = Pick<Tokenizer, 'decode' | 'tokenOf'>;

/** A token's text depends on those before it: on spaces, and on the bytes of a character. */
const TOKENS_BEFORE = 8;

/** What a token adds to the text. */
export interface TokenText {
  /** Of a special token, which adds nothing, its name. */
  readonly name: string;
  /** Characters (UTF-16) that it adds. */
  readonly length: number;
}

/**
 * What a token adds to the text of those before it. The last one of several that make a character adds it; those before
 * it add nothing, and have the names of the vocabulary.
 */
export function tokenText({ decode, tokenOf }: Spelling, before: readonly number[], id: number): TokenText {
  const context = before.slice(-TOKENS_BEFORE);
  const whole = (ids: readonly number[]) => decode(ids).replace(/\uFFFD+$/, '');
  const [earlier, later] = [whole(context), whole([...context, id])];
  const added = later.startsWith(earlier) ? later.slice(earlier.length) : decode([id]);
  return added === '' ? { name: tokenOf(id) ?? '', length: 0 } : { name: added, length: added.length };
}
