/** How servers say that an answer ended. OpenAI has four words for it; other servers have more, some of them objects. */

import type { StopReason } from '../../core/domain.ts';

/** What the end of an answer means for it. */
export type Ending =
  /** Null: the word is not known, and so is the reason; the answer stays. */
  | { readonly kind: 'ended'; readonly stopReason: StopReason | null }
  /** A filter took it, or the model declined. */
  | { readonly kind: 'refused' }
  /** The server gave up in the middle. */
  | { readonly kind: 'broken-off' };

const STOP_WORDS: Readonly<Record<StopReason, readonly string[]>> = {
  eos: ['stop', 'eos', 'eos_token', 'end', 'end_turn', 'end_of_text', 'complete', 'completed', 'finished'],
  'token-limit': ['length', 'max_tokens', 'max_new_tokens', 'max_output_tokens', 'max_length', 'token_limit'],
  'context-end': ['model_length', 'context_length', 'model_context_window_exceeded'],
  'stop-text': ['stop_sequence', 'stop_string'],
};
/** OpenAI's, Azure's, Anthropic's and Google's. */
const REFUSALS = [
  ...['content_filter', 'content_filtered', 'refusal', 'safety', 'recitation', 'blocklist'],
  ...['prohibited_content', 'spii'],
];
const BREAKS = ['abort', 'aborted', 'cancel', 'cancelled', 'canceled', 'error', 'timeout'];

/** @param reason `finish_reason` as it came, of any type */
export function endingOf(reason: unknown): Ending {
  const word = wordOf(reason);
  if (REFUSALS.includes(word)) return { kind: 'refused' };
  if (BREAKS.includes(word)) return { kind: 'broken-off' };
  const known = Object.entries(STOP_WORDS).find(([, words]) => words.includes(word));
  return { kind: 'ended', stopReason: (known?.[0] as StopReason | undefined) ?? null };
}

/** As it is stored: a text as it is, all else as JSON; null: the server said nothing. */
export function finishText(reason: unknown): string | null {
  if (reason === undefined || reason === null) return null;
  return typeof reason === 'string' ? reason : JSON.stringify(reason);
}

/** SGLang has `{type: 'stop', matched: 2}`. */
function wordOf(reason: unknown): string {
  const { type } = (typeof reason === 'object' && reason !== null ? reason : {}) as { type?: unknown };
  return String(type ?? reason).toLowerCase();
}
