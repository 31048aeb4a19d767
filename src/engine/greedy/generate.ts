import type { StopReason } from '../../core/domain.ts';
import type { SegmentedModel } from '../session/segmented-model.ts';
import { DecodeBatch } from './decode-batch.ts';
import { type Decoder, decodeQueue } from './decode-queue.ts';
import { type DecodingSettings, limitsOf } from './decoding-settings.ts';
import type { Finished, Prompt } from './finished.ts';
import { penalisedChoice } from './penalised-choice.ts';
import { type ResponseRow, type StartOptions, startResponses } from './start-responses.ts';
import { stopReasonOf } from './stop-reason.ts';

export type { DecodingSettings } from './decoding-settings.ts';
export type { Finished, Prompt } from './finished.ts';

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
  const limits = { ...settings, rowsPerPrompt: ROWS_PER_PROMPT };
  const { repetitionPenalty: penalty = 1 } = settings;
  const options = penalty === 1 ? {} : { choose: penalisedChoice(model, penalty) };
  yield* decodeQueue(model, prompts, limits, fixedExitDecoder<Tag>(model, settings, options), signal);
}

/** Decodes each prompt at the exits that it names. */
export function fixedExitDecoder<Tag>(
  model: SegmentedModel,
  settings: DecodingSettings,
  options: StartOptions<Tag> = {},
): Decoder<Tag, ResponseRow<Tag>> {
  const batch = new DecodeBatch<ResponseRow<Tag>>(model, settings.batchSize, options.choose);
  return {
    start: (together) => start(model, together, settings, options),
    isFull: () => batch.isFull,
    isEmpty: () => batch.rows.length === 0,
    join: (row) => batch.join(row, row.prefilled, row.prefilledRow),
    advance: (waiting) => advance(model, batch, waiting, settings),
  };
}

/** Reads prompts of one length: rows that go on, and responses that are over already. */
async function start<Tag>(
  model: SegmentedModel,
  prompts: readonly Prompt<Tag>[],
  settings: DecodingSettings,
  options: StartOptions<Tag>,
): Promise<{ rows: ResponseRow<Tag>[]; finished: Finished<Tag>[] }> {
  const rows: ResponseRow<Tag>[] = [];
  const finished: Finished<Tag>[] = [];
  for (const row of await startResponses(model, prompts, options)) {
    const stopReason = stopReasonOf(row.tokenIds, limitsOf(row.prompt, model, settings));
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
    const stopReason = stopReasonOf(row.tokenIds, limitsOf(row.prompt, model, settings));
    if (!stopReason) continue;
    const index = waiting.findIndex(({ segments }) => segments === row.segments);
    const [next] = index < 0 ? [] : waiting.splice(index, 1);
    if (next) batch.replace(row, next, next.prefilled, next.prefilledRow);
    else batch.leave(row);
    finished.push(finish(row, stopReason));
  }
  return finished;
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
