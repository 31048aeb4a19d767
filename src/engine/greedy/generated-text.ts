import type { Generation } from '../../core/domain.ts';
import type { Tokenizer } from '../../model/tokenizer/tokenizer.ts';

/** What a model wrote, decoded without special tokens. */
export type GeneratedText =
  | { readonly state: 'answered'; readonly text: string }
  /** The prompt leaves no room for a token: nothing was written, which is no empty text. */
  | { readonly state: 'prompt_too_long'; readonly text: null };

export function generatedText(
  tokenizer: Pick<Tokenizer, 'decode'>,
  { tokenIds, stopReason }: Pick<Generation, 'tokenIds' | 'stopReason'>,
): GeneratedText {
  if (tokenIds.length === 0 && stopReason === 'context-end') return { state: 'prompt_too_long', text: null };
  return { state: 'answered', text: tokenizer.decode(tokenIds) };
}
