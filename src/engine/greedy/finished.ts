import type { Depths, Generation } from '../../core/domain.ts';
import type { StopLimits } from './stop-reason.ts';

/** One prompt to be continued at one or more exits. */
export interface Prompt<Tag> {
  /** Comes back with each response. */
  readonly tag: Tag;
  readonly ids: readonly number[];
  readonly exits: readonly number[];
  /** In the place of the settings of all prompts. */
  readonly limits?: OwnLimits | undefined;
}

/** What ends the responses to one prompt. */
export interface OwnLimits extends Pick<StopLimits, 'stopWhen'> {
  readonly maxNewTokens: number;
  readonly eosTokenIds?: readonly number[];
}

/** A response that is over. */
export interface Finished<Tag> extends Generation, Depths {
  readonly tag: Tag;
  readonly exit: number;
  readonly promptTokens: number;
}

/** A prompt without a token, or one that fills the context, leaves no room for a response. */
export function hasRoom(ids: readonly number[], contextLength: number): boolean {
  return ids.length > 0 && ids.length < contextLength;
}

/** The empty responses to a prompt that leaves no room for any. */
export function withoutRoom<Tag>({ tag, ids, exits }: Prompt<Tag>): Finished<Tag>[] {
  const rest = { promptTokens: ids.length, tokenIds: [], stopReason: 'context-end', durationMs: 0 } as const;
  return exits.map((exit) => ({ tag, exit, ...rest }));
}
