import type { StopReason } from '../../core/domain.ts';
import { depthOf } from '../../model/folder/manifest.ts';
import type { KvCache } from '../cache/kv-cache.ts';
import { type DecodingSettings, limitsOf } from '../greedy/decoding-settings.ts';
import type { Finished, Prompt } from '../greedy/finished.ts';
import { stopReasonOf } from '../greedy/stop-reason.ts';
import type { SegmentedModel } from '../session/segmented-model.ts';
import { UnevenRow } from './uneven-row.ts';

export interface RowStart<Tag> {
  readonly model: SegmentedModel;
  readonly prompt: Prompt<Tag>;
  readonly settings: DecodingSettings;
  /** `performance.now()` when the prompt began to be read. */
  readonly startedAt: number;
  /** Its row `cacheRow` holds the prompt's keys and values until the response joins a batch. */
  readonly cache: KvCache;
  readonly cacheRow: number;
}

/** A response in the making whose tokens may come to different depths. */
export class DynamicRow<Tag> extends UnevenRow {
  readonly start: RowStart<Tag>;
  /** The newest is not in the cache yet. */
  readonly tokenIds: number[] = [];
  /** Why the response ended, once it has. */
  stopReason: StopReason | undefined;

  constructor(start: RowStart<Tag>) {
    const { segments, architecture } = start.model.manifest;
    super(start.prompt.ids.length, segments.length, architecture.hiddenSize);
    this.start = start;
  }

  get lastToken(): number {
    return this.tokenIds.at(-1)!;
  }

  /** Tokens that may follow the newest one. */
  get tokensLeft(): number {
    const { contextLength, promptTokens, maxNewTokens } = this.#limits;
    return Math.min(maxNewTokens, contextLength - promptTokens) - this.tokenIds.length;
  }

  /** Whether a token ends a sequence. */
  isEnd(token: number): boolean {
    return this.#limits.eosTokenIds.includes(token);
  }

  /** Adds a token, with which the response may end. */
  add(token: number): void {
    this.tokenIds.push(token);
    this.stopReason = stopReasonOf(this.tokenIds, this.#limits);
  }

  /** The response that has ended. */
  finish(): Finished<Tag> {
    const { model, prompt, startedAt } = this.start;
    return {
      tag: prompt.tag,
      exit: depthOf(model.manifest),
      promptTokens: prompt.ids.length,
      tokenIds: this.tokenIds,
      stopReason: this.stopReason!,
      durationMs: performance.now() - startedAt,
    };
  }

  get #limits() {
    const { prompt, model, settings } = this.start;
    return limitsOf(prompt, model, settings);
  }
}
