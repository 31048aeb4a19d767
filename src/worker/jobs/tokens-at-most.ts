import type { Architecture } from '../../model/checkpoint/architecture.ts';

/** English has about four characters a token; prompts with less are short of it by little. */
const MIN_CHARACTERS_A_TOKEN = 2;

/** Tokens that a row of the caches holds: an estimate from above, without a tokenizer. */
export function tokensAtMost(
  prompts: readonly string[],
  maxNewTokens: number,
  { contextLength }: Pick<Architecture, 'contextLength'>,
): number {
  const characters = prompts.reduce((most, { length }) => Math.max(most, length), 0);
  return Math.min(contextLength, Math.ceil(characters / MIN_CHARACTERS_A_TOKEN) + maxNewTokens);
}
