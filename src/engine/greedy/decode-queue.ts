import { cacheShapeOf } from '../cache/kv-cache.ts';
import { cacheBytes, DEFAULT_MEMORY_MB, megabytes } from '../cache/memory-budget.ts';
import { type BatchLimits, batchesOf, MAX_PASS_TOKENS } from '../session/batches.ts';
import type { SegmentedModel } from '../session/segmented-model.ts';
import { type Finished, hasRoom, type Prompt, withoutRoom } from './finished.ts';

export interface QueueLimits {
  /** Rows that decode together. */
  readonly batchSize: number;
  /** For this many rows of the batch one prompt may be read ahead. */
  readonly rowsPerPrompt: number;
  readonly memoryMB?: number | undefined;
}

/** How responses are made: what is done with prompts of one length, and a batch of rows. */
export interface Decoder<Tag, Row> {
  /** Reads prompts of one length that fit the context: rows that go on, and responses that are over already. */
  start(prompts: readonly Prompt<Tag>[]): Promise<{ rows: Row[]; finished: Finished<Tag>[] }>;
  isFull(): boolean;
  isEmpty(): boolean;
  join(row: Row): void;
  /**
   * One step of all rows in the batch; gives back the responses that end with it.
   * @param waiting loses the rows that join
   */
  advance(waiting: Row[]): Promise<Finished<Tag>[]>;
}

/** Prompts as they come. */
export interface PromptQueue<Tag> {
  /**
   * Prompts of one length that are read together; none: there are none now; undefined: there never will be.
   * @param isIdle nothing else is to be done: it may wait
   */
  next(isIdle: boolean): Promise<readonly Prompt<Tag>[] | undefined>;
}

/**
 * Keeps a batch full: prompts are read when there is room for their rows, and steps go on until all have ended.
 * @throws the signal's reason when it is aborted
 */
export async function* decodeQueue<Tag, Row>(
  model: SegmentedModel,
  prompts: Iterable<Prompt<Tag>>,
  limits: QueueLimits,
  decoder: Decoder<Tag, Row>,
  signal?: AbortSignal,
): AsyncGenerator<Finished<Tag>> {
  const batches = batchesOf(prompts, prefillLimits<Tag>(model, limits));
  const queue: PromptQueue<Tag> = { next: async () => batches.next().value ?? undefined };
  yield* decodeAsTheyCome(model, queue, decoder, signal);
}

/**
 * The same for prompts that come while others decode: they are read between two steps.
 * @throws the signal's reason when it is aborted
 */
export async function* decodeAsTheyCome<Tag, Row>(
  model: SegmentedModel,
  queue: PromptQueue<Tag>,
  decoder: Decoder<Tag, Row>,
  signal?: AbortSignal,
): AsyncGenerator<Finished<Tag>> {
  const { contextLength } = model.manifest.architecture;
  let waiting: Row[] = [];
  let next: readonly Prompt<Tag>[] | undefined = [];
  while (true) {
    while (!decoder.isFull()) {
      signal?.throwIfAborted();
      const row = waiting.shift();
      if (row) {
        decoder.join(row);
        continue;
      }
      next = next && (await queue.next(decoder.isEmpty()));
      if (next === undefined || next.length === 0) break;
      if (!hasRoom(next[0]!.ids, contextLength)) {
        yield* next.flatMap(withoutRoom);
        continue;
      }
      const started = await decoder.start(next);
      yield* started.finished;
      waiting = started.rows;
    }
    signal?.throwIfAborted();
    if (!decoder.isEmpty()) yield* await decoder.advance(waiting);
    else if (next === undefined) return;
  }
}

/**
 * Prompts of one length are read together, within the memory. A prompt is taken from the queue only when its
 * turn comes, or to see that it does not belong to the batch before it.
 */
function prefillLimits<Tag>(
  model: SegmentedModel,
  { batchSize, rowsPerPrompt, memoryMB = DEFAULT_MEMORY_MB }: QueueLimits,
): BatchLimits<Prompt<Tag>> {
  const affordable = Math.floor(megabytes(memoryMB) / cacheBytes(cacheShapeOf(model.manifest), 1));
  return {
    sameKey: ({ ids }) => ids.length,
    neighboursOnly: true,
    maxItems: Math.floor(batchSize / rowsPerPrompt),
    maxTokens: Math.min(MAX_PASS_TOKENS, affordable),
    tokensOf: ({ ids }) => ids.length,
  };
}
