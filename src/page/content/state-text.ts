/** States of responses in words. Pure. */
import type { ResponseState } from '../../core/domain.ts';

const NAMES: Readonly<Record<ResponseState, string>> = {
  answered: 'answered',
  prompt_too_long: 'prompt too long for the context',
  no_content: 'no content',
  refused: 'refused',
  cut_in_reasoning: 'cut in its reasoning',
};

export function stateName(state: ResponseState): string {
  return NAMES[state];
}
