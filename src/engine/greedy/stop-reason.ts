import type { StopReason } from '../../core/domain.ts';

/** What ends a response. */
export interface StopLimits {
  readonly eosTokenIds: readonly number[];
  /** Ends a response early, e.g. after its first line; called after every token. */
  readonly stopWhen?: ((tokenIds: readonly number[]) => boolean) | undefined;
  /** Default: none. */
  readonly maxNewTokens?: number;
  readonly promptTokens: number;
  /** Of the prompt and the response together. */
  readonly contextLength: number;
}

/**
 * Why a response ends with its newest token; undefined while it goes on. Where both limits are reached at
 * once, it is the token limit.
 * @param tokenIds at least one
 */
export function stopReasonOf(tokenIds: readonly number[], limits: StopLimits): StopReason | undefined {
  const { eosTokenIds, stopWhen, maxNewTokens = Number.POSITIVE_INFINITY } = limits;
  if (eosTokenIds.includes(tokenIds.at(-1)!)) return 'eos';
  if (stopWhen?.(tokenIds)) return 'stop-text';
  if (tokenIds.length >= maxNewTokens) return 'token-limit';
  return limits.promptTokens + tokenIds.length >= limits.contextLength ? 'context-end' : undefined;
}
