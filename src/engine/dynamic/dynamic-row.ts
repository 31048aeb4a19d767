import type { StopReason } from '../../core/domain.ts';
import type { KvCache } from '../cache/kv-cache.ts';
import type { DecodingSettings } from '../greedy/decoding-settings.ts';
import type { Finished, Prompt } from '../greedy/finished.ts';
import { stopReasonOf } from '../greedy/stop-reason.ts';
import type { SegmentedModel } from '../session/segmented-model.ts';
import { UnevenRow } from './uneven-batch.ts';

/** Where a prompt's keys and values lie until its response joins a batch. */
export interface Prefilled {
  readonly cache: KvCache;
  readonly row: number;
}

/** A response in the making whose tokens may come to different depths. */
export class DynamicRow<Tag> extends UnevenRow {
  readonly prompt: Prompt<Tag>;
  readonly prefilled: Prefilled;
  /** The newest is not in the cache yet. */
  readonly tokenIds: number[] = [];
  readonly #startedAt: number;
  readonly #limits: { readonly settings: DecodingSettings; readonly contextLength: number };

  /** @param startedAt `performance.now()` when the prompt began to be read */
  constructor(
    model: SegmentedModel,
    prompt: Prompt<Tag>,
    prefilled: Prefilled,
    settings: DecodingSettings,
    startedAt: number,
  ) {
    const { segments, architecture } = model.manifest;
    super(prompt.ids.length, segments.length, architecture.hiddenSize);
    this.prompt = prompt;
    this.prefilled = prefilled;
    this.#startedAt = startedAt;
    this.#limits = { settings, contextLength: architecture.contextLength };
  }

  get lastToken(): number {
    return this.tokenIds.at(-1)!;
  }

  /** Tokens that may follow the newest one. */
  get tokensLeft(): number {
    const { settings, contextLength } = this.#limits;
    const made = this.tokenIds.length;
    return Math.min(settings.maxNewTokens - made, contextLength - this.prompt.ids.length - made);
  }

  /** Adds a token; the reason if the response ends with it. */
  add(token: number): StopReason | undefined {
    this.tokenIds.push(token);
    const { settings, contextLength } = this.#limits;
    return stopReasonOf(this.tokenIds, { ...settings, contextLength, promptTokens: this.prompt.ids.length });
  }

  finish(exit: number, stopReason: StopReason): Finished<Tag> {
    return {
      tag: this.prompt.tag,
      exit,
      promptTokens: this.prompt.ids.length,
      tokenIds: this.tokenIds,
      stopReason,
      durationMs: performance.now() - this.#startedAt,
    };
  }
}
