import type { StopReason } from '../../core/domain.ts';
import { cacheShapeOf } from '../cache/kv-cache.ts';
import { cacheBytes, DEFAULT_MEMORY_MB, megabytes } from '../cache/memory-budget.ts';
import { type BatchLimits, batchesOf, MAX_PASS_TOKENS } from '../session/batches.ts';
import type { SegmentedModel } from '../session/segmented-model.ts';
import { DecodeBatch } from './decode-batch.ts';
import { type Finished, hasRoom, type Prompt, withoutRoom } from './finished.ts';
import { type ResponseRow, startResponses } from './start-responses.ts';
import { type StopLimits, stopReasonOf } from './stop-reason.ts';

export type { Finished, Prompt } from './finished.ts';

export interface DecodingSettings extends Pick<StopLimits, 'eosTokenIds' | 'stopWhen'> {
  readonly maxNewTokens: number;
  /** Rows that decode together; changes the speed, never a response. */
  readonly batchSize: number;
  /**
   * For keys and values of prompts that were read and wait for a place; changes the speed, never a response.
   */
  readonly memoryMB?: number | undefined;
}

/**
 * For this many rows of the batch one prompt may be read ahead: at the paper's eight exits, a batch of them
 * waits.
 */
const ROWS_PER_PROMPT = 8;

/**
 * Greedy decoding of many prompts at many exits. A prompt is prefilled once for all its exits, together with
 * neighbours of its length; rows of all exits share the decode steps. A waiting row takes the place of a
 * finished one at once: one of the same depth if there is one, else the deepest. Responses come out in the
 * order in which they end.
 * @throws InputError `unknown-exit`; the signal's reason when it is aborted
 */
export async function* generate<Tag>(
  model: SegmentedModel,
  prompts: Iterable<Prompt<Tag>>,
  settings: DecodingSettings,
  signal?: AbortSignal,
): AsyncGenerator<Finished<Tag>> {
  const batch = new DecodeBatch<ResponseRow<Tag>>(model, settings.batchSize);
  const queue = batchesOf(prompts, prefillLimits<Tag>(model, settings));
  let waiting: ResponseRow<Tag>[] = [];
  let isQueueEmpty = false;
  while (true) {
    while (!batch.isFull && !(isQueueEmpty && waiting.length === 0)) {
      signal?.throwIfAborted();
      const row = waiting.shift();
      if (row) {
        batch.join(row, row.prefilled, row.prefilledRow);
        continue;
      }
      const next = queue.next();
      isQueueEmpty = next.done === true;
      if (next.done) continue;
      const started = await start(model, next.value, settings);
      yield* started.finished;
      waiting = started.rows;
    }
    if (batch.rows.length === 0) return;
    signal?.throwIfAborted();
    yield* await advance(model, batch, waiting, settings);
  }
}

/**
 * Prompts of one length are read together, within the memory. A prompt is taken from the queue only when its
 * turn comes, or to see that it does not belong to the batch before it.
 */
function prefillLimits<Tag>(
  model: SegmentedModel,
  { batchSize, memoryMB = DEFAULT_MEMORY_MB }: DecodingSettings,
): BatchLimits<Prompt<Tag>> {
  const affordable = Math.floor(megabytes(memoryMB) / cacheBytes(cacheShapeOf(model.manifest), 1));
  return {
    sameKey: ({ ids }) => ids.length,
    neighboursOnly: true,
    maxItems: Math.floor(batchSize / ROWS_PER_PROMPT),
    maxTokens: Math.min(MAX_PASS_TOKENS, affordable),
    tokensOf: ({ ids }) => ids.length,
  };
}

/** Reads prompts of one length: rows that go on, and responses that are over already. */
async function start<Tag>(
  model: SegmentedModel,
  prompts: readonly Prompt<Tag>[],
  settings: DecodingSettings,
): Promise<{ rows: ResponseRow<Tag>[]; finished: Finished<Tag>[] }> {
  if (!hasRoom(prompts[0]!.ids, model.manifest.architecture.contextLength))
    return { rows: [], finished: prompts.flatMap(withoutRoom) };
  const rows: ResponseRow<Tag>[] = [];
  const finished: Finished<Tag>[] = [];
  for (const row of await startResponses(model, prompts)) {
    const stopReason = stopReasonOf(row.tokenIds, limitsOf(row, model, settings));
    if (stopReason) finished.push(finish(row, stopReason));
    else rows.push(row);
  }
  return { rows, finished };
}

/**
 * One decode step. A row that ends with it makes room, if possible for one of its depth: then no other row
 * has to move.
 * @param waiting loses the rows that join
 */
async function advance<Tag>(
  model: SegmentedModel,
  batch: DecodeBatch<ResponseRow<Tag>>,
  waiting: ResponseRow<Tag>[],
  settings: DecodingSettings,
): Promise<Finished<Tag>[]> {
  const tokens = await batch.step();
  const finished: Finished<Tag>[] = [];
  for (const [place, row] of [...batch.rows].entries()) {
    row.lastToken = tokens[place]!;
    row.tokenIds.push(row.lastToken);
    const stopReason = stopReasonOf(row.tokenIds, limitsOf(row, model, settings));
    if (!stopReason) continue;
    const index = waiting.findIndex(({ segments }) => segments === row.segments);
    const [next] = index < 0 ? [] : waiting.splice(index, 1);
    if (next) batch.replace(row, next, next.prefilled, next.prefilledRow);
    else batch.leave(row);
    finished.push(finish(row, stopReason));
  }
  return finished;
}

function limitsOf<Tag>(
  { prompt }: ResponseRow<Tag>,
  model: SegmentedModel,
  { eosTokenIds, stopWhen, maxNewTokens }: DecodingSettings,
): StopLimits {
  const { contextLength } = model.manifest.architecture;
  return { eosTokenIds, stopWhen, maxNewTokens, contextLength, promptTokens: prompt.ids.length };
}

function finish<Tag>(row: ResponseRow<Tag>, stopReason: StopReason): Finished<Tag> {
  return {
    tag: row.prompt.tag,
    exit: row.exit,
    promptTokens: row.prompt.ids.length,
    tokenIds: row.tokenIds,
    stopReason,
    durationMs: performance.now() - row.startedAt,
  };
}
