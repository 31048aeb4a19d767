/** What crosses between the server's main thread and the threads that compute: plain data. */
import type { Depths, StopReason } from '../../core/domain.ts';
import type { DynamicSettings } from '../../engine/dynamic/generate-any.ts';
import type { SentError } from '../../worker/job-messages.ts';

/** How tokens are drawn; missing where the most likely one is taken. */
export interface Sampling {
  /** Above 0. */
  readonly temperature: number;
  /** Share of the probability that the most likely tokens must reach, 0 (not included) to 1. */
  readonly topP: number;
  readonly seed: number;
}

/** One prompt to be continued. */
export interface AskedPrompt {
  /** Index of the lane. */
  readonly lane: number;
  readonly ids: readonly number[];
  /** Of a lane with fixed exits; others choose it themselves. */
  readonly exit: number;
  /** 0: the prompt is only read. */
  readonly maxNewTokens: number;
  readonly eosTokenIds: readonly number[];
  /** Texts that end it. */
  readonly stop: readonly string[];
  /** Whether its first line does. */
  readonly endsAtFirstLine?: boolean | undefined;
  readonly sampling?: Sampling | undefined;
  /** The most likely tokens to be named at each place; missing: no log-probabilities are wanted. */
  readonly logprobs?: number | undefined;
  /** Whether those of the prompt's tokens are wanted, too. */
  readonly echoes: boolean;
  /** Whether tokens are wanted as they come. */
  readonly streams: boolean;
}

/** A token at its place, in nats. */
export interface TokenLogprob {
  readonly id: number;
  readonly logprob: number;
  /** The most likely tokens, falling; of equal ones the lower id first. */
  readonly top: readonly (readonly [id: number, logprob: number])[];
}

/** Tokens that came after those before. */
export interface NewTokens {
  readonly tokenIds: readonly number[];
  /** One for each; missing where none were wanted. */
  readonly logprobs?: readonly TokenLogprob[];
}

/** A response that has ended. */
export interface Answered extends NewTokens, Pick<Depths, 'tokenExits' | 'drafts'> {
  readonly stopReason: StopReason;
  /** Of the prompt, those that did not have to be read. */
  readonly cachedTokens: number;
  /** Of the prompt's tokens after the first. */
  readonly promptLogprobs?: readonly TokenLogprob[];
}

/** What a thread keeps open. */
export interface ThreadSettings {
  readonly models: readonly OpenSettings[];
  readonly lanes: readonly LaneSettings[];
}

/** A model folder: its weights and kept prompts are those of all its lanes. */
export interface OpenSettings {
  readonly folder: string;
  /** Whether a lane chooses the depth token by token. */
  readonly isDynamic: boolean;
  /** For prompts that are kept. */
  readonly memoryMB: number;
  readonly threads: number | undefined;
}

/** A batch over a model, at fixed exits or at a depth that is chosen token by token. */
export interface LaneSettings {
  /** Index of its model. */
  readonly model: number;
  readonly dynamic?: DynamicSettings | undefined;
  /** Rows that decode together. */
  readonly batchSize: number;
}

export type ToLanes =
  | { readonly type: 'ask'; readonly id: number; readonly prompt: AskedPrompt }
  | { readonly type: 'cancel'; readonly id: number }
  | { readonly type: 'close' };

export type FromLanes =
  | { readonly type: 'open' }
  | { readonly type: 'tokens'; readonly id: number; readonly tokens: NewTokens }
  | { readonly type: 'answered'; readonly id: number; readonly answer: Answered }
  | { readonly type: 'failed'; readonly id: number | undefined; readonly error: SentError }
  | { readonly type: 'closed' };
