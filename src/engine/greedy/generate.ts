import type { Generation, StopReason } from '../../core/domain.ts';
import { cacheBytes, DEFAULT_MEMORY_MB, megabytes } from '../cache/memory-budget.ts';
import type { SegmentedModel } from '../session/segmented-model.ts';
import { DecodeBatch } from './decode-batch.ts';
import { type AnswerRow, groupsOfOneLength, type Prompt, prefill, USEFUL_TOKENS } from './prefill.ts';

export type { Prompt } from './prefill.ts';

export interface DecodingSettings {
  readonly maxNewTokens: number;
  readonly eosTokenIds: readonly number[];
  /** Rows that decode together; changes the speed, never an answer. */
  readonly batchSize: number;
  /** For keys and values of prompts that were read and whose answers wait for places; changes the speed, never an answer. */
  readonly memoryMB?: number | undefined;
  /** Ends an answer early, e.g. after its first line; asked after every token. */
  readonly stopWhen?: (tokenIds: readonly number[]) => boolean;
}

export interface Finished<Tag> extends Generation {
  readonly tag: Tag;
  readonly exit: number;
  readonly promptTokens: number;
}

/** For this many rows of the batch one prompt may be read ahead: at the paper's eight exits, a batch of them waits. */
const ROWS_PER_PROMPT = 8;

/**
 * Greedy decoding of many prompts at many exits. A prompt is prefilled once for all its exits, together with neighbours of
 * its length; rows of all exits share the decode steps, and a finished row's place is taken at once: by one of
 * its depth where one waits, else by the deepest. Answers come out in the order in which they end.
 * @throws InputError `unknown-exit`; the signal's reason when it is aborted
 */
export async function* generate<Tag>(
  model: SegmentedModel,
  prompts: Iterable<Prompt<Tag>>,
  settings: DecodingSettings,
  signal?: AbortSignal,
): AsyncGenerator<Finished<Tag>> {
  const batch = new DecodeBatch<AnswerRow<Tag>>(model, settings.batchSize);
  const queue = groupsOfOneLength(prompts, groupLimits(model, settings));
  let waiting: AnswerRow<Tag>[] = [];
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

function groupLimits(model: SegmentedModel, { batchSize, memoryMB = DEFAULT_MEMORY_MB }: DecodingSettings) {
  const affordable = Math.floor(megabytes(memoryMB) / cacheBytes(model.manifest.architecture, 1));
  return { prompts: Math.floor(batchSize / ROWS_PER_PROMPT), tokens: Math.min(USEFUL_TOKENS, affordable) };
}

/** Prompts of one length: rows that go on, and answers that are already over. */
async function start<Tag>(
  model: SegmentedModel,
  prompts: readonly Prompt<Tag>[],
  settings: DecodingSettings,
): Promise<{ rows: AnswerRow<Tag>[]; finished: Finished<Tag>[] }> {
  const { length } = prompts[0]!.ids;
  if (length === 0 || length >= model.manifest.architecture.contextLength) {
    return { rows: [], finished: prompts.flatMap(unanswerable) };
  }
  const rows: AnswerRow<Tag>[] = [];
  const finished: Finished<Tag>[] = [];
  for (const row of await prefill(model, prompts)) {
    const stopReason = whyStop(row, model, settings);
    if (stopReason) finished.push(finish(row, stopReason));
    else rows.push(row);
  }
  return { rows, finished };
}

/** One decode step; rows that end with it leave the batch, at best to one of their depth that waits: no other then moves. */
async function advance<Tag>(
  model: SegmentedModel,
  batch: DecodeBatch<AnswerRow<Tag>>,
  waiting: AnswerRow<Tag>[],
  settings: DecodingSettings,
): Promise<Finished<Tag>[]> {
  const tokens = await batch.step();
  const finished: Finished<Tag>[] = [];
  for (const [place, row] of [...batch.rows].entries()) {
    row.lastToken = tokens[place]!;
    row.tokenIds.push(row.lastToken);
    const stopReason = whyStop(row, model, settings);
    if (!stopReason) continue;
    const index = waiting.findIndex(({ segments }) => segments === row.segments);
    const [next] = index < 0 ? [] : waiting.splice(index, 1);
    if (next) batch.replace(row, next, next.prefilled, next.prefilledRow);
    else batch.leave(row);
    finished.push(finish(row, stopReason));
  }
  return finished;
}

function whyStop<Tag>(
  row: AnswerRow<Tag>,
  model: SegmentedModel,
  settings: DecodingSettings,
): StopReason | undefined {
  if (settings.eosTokenIds.includes(row.lastToken)) return 'eos';
  if (settings.stopWhen?.(row.tokenIds)) return 'stop-text';
  if (row.tokenIds.length >= settings.maxNewTokens) return 'token-limit';
  const tokens = row.prompt.ids.length + row.tokenIds.length;
  return tokens >= model.manifest.architecture.contextLength ? 'context-end' : undefined;
}

function finish<Tag>(row: AnswerRow<Tag>, stopReason: StopReason): Finished<Tag> {
  return {
    tag: row.prompt.tag,
    exit: row.exit,
    promptTokens: row.prompt.ids.length,
    tokenIds: row.tokenIds,
    stopReason,
    durationMs: performance.now() - row.startedAt,
  };
}

/** The answers to a prompt without a token, or one that fills the context and leaves no room. */
export function unanswerable<Tag>({ tag, ids, exits }: Prompt<Tag>): Finished<Tag>[] {
  const rest = { promptTokens: ids.length, tokenIds: [], stopReason: 'context-end', durationMs: 0 } as const;
  return exits.map((exit) => ({ tag, exit, ...rest }));
}
