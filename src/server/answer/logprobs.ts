import type { Tokenizer } from '../../model/tokenizer/tokenizer.ts';
import type { TokenLogprob } from '../lane/asked.ts';
import { tokenText } from '../text/token-texts.ts';

/** A token and its place in the text. */
interface Place {
  readonly name: string;
  /** UTF-16 characters before it. */
  readonly offset: number;
  /** Null for the first token of a prompt. */
  readonly score: TokenLogprob | null;
  readonly before: readonly number[];
}

/**
 * Log-probabilities of tokens as `/completions` has them.
 * @param before tokens before the first one
 * @param scores one for each token
 */
export function completionLogprobs(
  tokenizer: Tokenizer,
  before: readonly number[],
  ids: readonly number[],
  scores: readonly (TokenLogprob | null)[],
  offset = 0,
) {
  const places = placesOf(tokenizer, before, ids, scores, offset);
  return {
    tokens: places.map(({ name }) => name),
    token_logprobs: places.map(({ score }) => score?.logprob ?? null),
    top_logprobs: places.map(({ score, before: context }) => score && topOf(tokenizer, context, score)),
    text_offset: places.map((place) => place.offset),
  };
}

/** The same as `/chat/completions` has them. */
export function chatLogprobs(
  tokenizer: Tokenizer,
  before: readonly number[],
  ids: readonly number[],
  scores: readonly TokenLogprob[],
) {
  const named = (token: string, logprob: number) => ({ token, logprob, bytes: [...Buffer.from(token)] });
  const content = placesOf(tokenizer, before, ids, scores, 0).map(({ name, score, before: context }) => ({
    ...named(name, score!.logprob),
    top_logprobs: score!.top.map(([id, logprob]) => named(tokenText(tokenizer, context, id).name, logprob)),
  }));
  return { content, refusal: null };
}

function placesOf(
  tokenizer: Tokenizer,
  before: readonly number[],
  ids: readonly number[],
  scores: readonly (TokenLogprob | null)[],
  start: number,
): Place[] {
  let offset = start;
  const all = [...before, ...ids];
  return ids.map((id, index) => {
    const context = all.slice(Math.max(0, before.length + index - 8), before.length + index);
    const { name, length } = tokenText(tokenizer, context, id);
    const place = { name, offset, score: scores[index] ?? null, before: context };
    offset += length;
    return place;
  });
}

/** The most likely tokens and the token itself. Of several with one text, the most likely one. */
function topOf(tokenizer: Tokenizer, before: readonly number[], { id, logprob, top }: TokenLogprob) {
  const all = [...top, [id, logprob] as const].map(([other, value]) => {
    return [tokenText(tokenizer, before, other).name, value] as const;
  });
  const best = new Map<string, number>();
  for (const [name, value] of all) if (!best.has(name)) best.set(name, value);
  return Object.fromEntries(best);
}
