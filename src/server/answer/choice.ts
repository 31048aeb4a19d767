import type { StopReason } from '../../core/domain.ts';
import type { Answered } from '../lane/asked.ts';

/** OpenAI's two words for why a text ends. */
const FINISH_REASONS: Readonly<Record<StopReason, 'stop' | 'length'>> = {
  eos: 'stop',
  'stop-text': 'stop',
  'token-limit': 'length',
  'context-end': 'length',
};

/** Why a text ends, in OpenAI's words and in ours. */
export function endOf({ stopReason }: Answered) {
  return { finish_reason: FINISH_REASONS[stopReason], stop_reason: stopReason };
}

/** What became of the depth where it was chosen token by token. */
export function depthsOf({ tokenExits, drafts }: Answered) {
  return { ...(tokenExits && { token_exits: tokenExits }), ...(drafts && { drafts }) };
}

/** Tokens of all prompts of a request. */
export function usageOf(prompts: readonly (readonly number[])[], answers: readonly Answered[]) {
  const sum = (counts: readonly number[]) => counts.reduce((all, count) => all + count, 0);
  const prompt_tokens = sum(prompts.map(({ length }) => length));
  const completion_tokens = sum(answers.map(({ tokenIds }) => tokenIds.length));
  const cached_tokens = sum(answers.map(({ cachedTokens }) => cachedTokens));
  return {
    prompt_tokens,
    completion_tokens,
    total_tokens: prompt_tokens + completion_tokens,
    prompt_tokens_details: { cached_tokens },
  };
}
