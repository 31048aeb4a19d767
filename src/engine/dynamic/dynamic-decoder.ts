import type { Decoder, QueueLimits } from '../greedy/decode-queue.ts';
import type { DecodingSettings } from '../greedy/decoding-settings.ts';
import type { Finished, Prompt } from '../greedy/finished.ts';
import { type PromptReader, readTogether } from '../greedy/start-responses.ts';
import type { SegmentedModel } from '../session/segmented-model.ts';
import type { DynamicRow } from './dynamic-row.ts';
import type { Reading } from './read-prompts.ts';
import { UnevenBatch } from './uneven-batch.ts';

/** For this many rows of the batch one prompt may be read ahead. */
const ROWS_PER_PROMPT = 4;

/** What all strategies share: rows join a batch, and leave it when their response has ended. */
export abstract class DynamicDecoder<Tag, Row extends DynamicRow<Tag>> implements Decoder<Tag, Row> {
  protected readonly model: SegmentedModel;
  protected readonly settings: DecodingSettings;
  protected readonly batch: UnevenBatch<Row>;
  readonly #read: PromptReader<Tag>;

  /**
   * @param model opened with `openStepwise`
   * @param read default: all prompts in one pass
   */
  constructor(
    model: SegmentedModel,
    settings: DecodingSettings,
    read: PromptReader<Tag> = readTogether(model),
  ) {
    this.model = model;
    this.settings = settings;
    this.#read = read;
    this.batch = new UnevenBatch(model, settings.batchSize);
  }

  /** Reads prompts of one length; their rows have the first token. */
  protected abstract read(prompts: readonly Prompt<Tag>[]): Promise<readonly Row[]>;
  /** Adds a token at least to each row. */
  protected abstract step(rows: readonly Row[]): Promise<void>;

  /** What `readPrompts` needs. */
  protected get reading(): Reading<Tag> {
    return { model: this.model, settings: this.settings, read: this.#read };
  }

  get limits(): QueueLimits {
    const { batchSize, memoryMB } = this.settings;
    return { batchSize, memoryMB, rowsPerPrompt: ROWS_PER_PROMPT };
  }

  isFull(): boolean {
    return this.batch.isFull;
  }

  isEmpty(): boolean {
    return this.batch.rows.length === 0;
  }

  async start(prompts: readonly Prompt<Tag>[]): Promise<{ rows: Row[]; finished: Finished<Tag>[] }> {
    const rows = await this.read(prompts);
    const ended = rows.filter(({ stopReason }) => stopReason);
    return { rows: rows.filter(({ stopReason }) => !stopReason), finished: ended.map((row) => row.finish()) };
  }

  join(row: Row): void {
    this.batch.join(row, row.start.cache, row.start.cacheRow);
  }

  /** Frees what a strategy opened beside the model. */
  async close(): Promise<void> {}

  async advance(): Promise<Finished<Tag>[]> {
    await this.step([...this.batch.rows]);
    const ended = this.batch.rows.filter(({ stopReason }) => stopReason);
    for (const row of ended) this.batch.leave(row);
    return ended.map((row) => row.finish());
  }
}
