import type { Generation, StopReason } from '../domain.ts';
import { headOfExit } from '../model/manifest.ts';
import { DecodeBatch, type DecodeRow } from './decode-batch.ts';
import { forward } from './forward.ts';
import type { KvCache } from './kv-cache.ts';
import type { Network } from './network.ts';

/** One prompt to be answered at one or more exits. */
export interface Prompt<Tag> {
  /** Comes back with the answer. */
  readonly tag: Tag;
  readonly ids: readonly number[];
  readonly exits: readonly number[];
}

export interface DecodingSettings {
  readonly maxNewTokens: number;
  readonly eosTokenIds: readonly number[];
  /** Rows that decode together; changes the speed, never an answer. */
  readonly batchSize: number;
  /** Ends an answer early, e.g. after its first line; asked after every token. */
  readonly stopWhen?: (tokenIds: readonly number[]) => boolean;
}

export interface Finished<Tag> extends Generation {
  readonly tag: Tag;
  readonly exit: number;
  readonly promptTokens: number;
}

interface Row<Tag> extends DecodeRow {
  readonly prompt: Prompt<Tag>;
  readonly exit: number;
  readonly tokenIds: number[];
  readonly startedAt: number;
  /** Row 0 holds the prompt's keys and values until the row joins the batch. */
  readonly prefilled: KvCache;
}

/**
 * Greedy decoding of many prompts at many exits. A prompt is prefilled once for all its exits; rows of all exits share
 * the decode steps, and a finished row's place is taken at once. Answers come out in the order in which they end.
 * @throws InputError `unknown-exit`; the signal's reason when it is aborted
 */
export async function* generate<Tag>(
  network: Network,
  prompts: Iterable<Prompt<Tag>>,
  settings: DecodingSettings,
  signal?: AbortSignal,
): AsyncGenerator<Finished<Tag>> {
  const batch = new DecodeBatch<Row<Tag>>(network, settings.batchSize);
  const queue = prompts[Symbol.iterator]();
  let waiting: Row<Tag>[] = [];
  let isQueueEmpty = false;
  while (true) {
    while (!batch.isFull && !(isQueueEmpty && waiting.length === 0)) {
      signal?.throwIfAborted();
      const row = waiting.shift();
      if (row) {
        batch.join(row, row.prefilled);
        continue;
      }
      const next = queue.next();
      isQueueEmpty = next.done === true;
      if (next.done) continue;
      const started = await prefill(network, next.value, settings);
      yield* started.finished;
      waiting = started.rows;
    }
    if (batch.rows.length === 0) return;
    signal?.throwIfAborted();
    yield* await advance(network, batch, settings);
  }
}

/** First tokens of all exits of one prompt: rows that go on, and answers that are already over. */
async function prefill<Tag>(
  network: Network,
  prompt: Prompt<Tag>,
  settings: DecodingSettings,
): Promise<{ rows: Row<Tag>[]; finished: Finished<Tag>[] }> {
  const startedAt = performance.now();
  const { exits, architecture } = network.manifest;
  const heads = prompt.exits.map((exit) => headOfExit(network.manifest, exit, 'exit').file);
  if (prompt.ids.length === 0 || prompt.ids.length >= architecture.contextLength) {
    return { rows: [], finished: prompt.exits.map((exit) => unanswerable(prompt, exit)) };
  }
  const segments = Math.max(...prompt.exits.map((exit) => exits.indexOf(exit) + 1));
  const { cache, hidden } = await forward(network, prompt.ids, { segments, from: prompt.ids.length - 1 });
  const rows: Row<Tag>[] = [];
  const finished: Finished<Tag>[] = [];
  for (const [index, exit] of prompt.exits.entries()) {
    const ownSegments = exits.indexOf(exit) + 1;
    const [token] = await network.nextTokens(heads[index]!, hidden[ownSegments - 1]!);
    const row: Row<Tag> = {
      prompt,
      exit,
      segments: ownSegments,
      headFile: heads[index]!,
      length: prompt.ids.length,
      lastToken: token!,
      tokenIds: [token!],
      startedAt,
      prefilled: cache,
    };
    const stopReason = whyStop(row, network, settings);
    if (stopReason) finished.push(finish(row, stopReason));
    else rows.push(row);
  }
  return { rows, finished };
}

/** One decode step; rows that end with it leave the batch. */
async function advance<Tag>(
  network: Network,
  batch: DecodeBatch<Row<Tag>>,
  settings: DecodingSettings,
): Promise<Finished<Tag>[]> {
  const tokens = await batch.step();
  const finished: Finished<Tag>[] = [];
  for (const [index, row] of [...batch.rows].entries()) {
    row.lastToken = tokens[index]!;
    row.tokenIds.push(row.lastToken);
    const stopReason = whyStop(row, network, settings);
    if (!stopReason) continue;
    batch.leave(row);
    finished.push(finish(row, stopReason));
  }
  return finished;
}

function whyStop<Tag>(row: Row<Tag>, network: Network, settings: DecodingSettings): StopReason | undefined {
  if (settings.eosTokenIds.includes(row.lastToken)) return 'eos';
  if (settings.stopWhen?.(row.tokenIds)) return 'stop-text';
  if (row.tokenIds.length >= settings.maxNewTokens) return 'token-limit';
  const tokens = row.prompt.ids.length + row.tokenIds.length;
  return tokens >= network.manifest.architecture.contextLength ? 'context-end' : undefined;
}

function finish<Tag>(row: Row<Tag>, stopReason: StopReason): Finished<Tag> {
  return {
    tag: row.prompt.tag,
    exit: row.exit,
    promptTokens: row.prompt.ids.length,
    tokenIds: row.tokenIds,
    stopReason,
    durationMs: performance.now() - row.startedAt,
  };
}

/** A prompt that fills the context leaves no room for an answer. */
function unanswerable<Tag>(prompt: Prompt<Tag>, exit: number): Finished<Tag> {
  const { tag, ids } = prompt;
  return { tag, exit, promptTokens: ids.length, tokenIds: [], stopReason: 'context-end', durationMs: 0 };
}
