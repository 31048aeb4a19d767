import type { KvCache } from '../../src/engine/cache/kv-cache.ts';
import { prefill } from '../../src/engine/forced/prefill.ts';
import { DecodeBatch, type DecodeRow } from '../../src/engine/greedy/decode-batch.ts';
import {
  type DecodingSettings,
  type Finished,
  generate,
  type Prompt,
} from '../../src/engine/greedy/generate.ts';
import type { SegmentedModel } from '../../src/engine/session/segmented-model.ts';
import { headOfExit } from '../../src/model/folder/manifest.ts';
import type { Random } from './random.ts';
import { type HiddenBits, type HiddenRecorder, recordHidden } from './recorded-network.ts';

export const randomIds = (random: Random, count: number, vocabulary: number) =>
  Array.from({ length: count }, () => random.below(vocabulary));

/** A row with what it needs to join a batch; the same row can be started any number of times. */
export interface Start {
  readonly row: DecodeRow;
  readonly prefilled: KvCache;
}

/**
 * Prefills `ids` and takes the first token as given, so that batches can be compared without a prefill's
 * head.
 */
export async function startRow(
  network: SegmentedModel,
  ids: readonly number[],
  exit: number,
): Promise<Start> {
  const segments = network.manifest.exits.indexOf(exit) + 1;
  const { cache } = await prefill(network, [ids], { segments, from: ids.length - 1 });
  const headFile = headOfExit(network.manifest, exit, 'exit').file;
  return { row: { segments, headFile, length: ids.length, lastToken: ids[0]! }, prefilled: cache };
}

/** What each row got at each step. */
export interface Trace {
  readonly tokens: number[];
  readonly hidden: HiddenBits[];
}

/** Decodes rows together for some steps; gives back one trace for each row, in the order of `starts`. */
export async function decodeTogether(
  network: SegmentedModel,
  starts: readonly Start[],
  steps: number,
): Promise<Trace[]> {
  const batch = new DecodeBatch<DecodeRow>(network, starts.length);
  const rows = starts.map(({ row, prefilled }) => {
    const copy = { ...row };
    batch.join(copy, prefilled);
    return copy;
  });
  const traces = new Map(rows.map((row) => [row, { tokens: [], hidden: [] } as Trace]));
  const recorder = recordHidden(network);
  for (let step = 0; step < steps; step++) await stepOnce(batch, recorder, traces);
  return rows.map((row) => traces.get(row)!);
}

/** One step of all rows, written down in their traces. */
export async function stepOnce<Row extends DecodeRow>(
  batch: DecodeBatch<Row>,
  recorder: HiddenRecorder,
  traces: ReadonlyMap<Row, Trace>,
): Promise<void> {
  const tokens = await batch.step();
  const hidden = recorder.take();
  batch.rows.forEach((row, index) => {
    row.lastToken = tokens[index]!;
    traces.get(row)!.tokens.push(tokens[index]!);
    traces.get(row)!.hidden.push(hidden[index]!);
  });
}

/** All answers, keyed `tag@exit`. */
export async function answers(
  network: SegmentedModel,
  prompts: readonly Prompt<string>[],
  settings: Partial<DecodingSettings> = {},
  signal?: AbortSignal,
): Promise<Map<string, Finished<string>>> {
  const all = { maxNewTokens: 8, eosTokenIds: [], batchSize: 4, ...settings };
  const results = new Map<string, Finished<string>>();
  for await (const answer of generate(network, prompts, all, signal)) {
    results.set(`${answer.tag}@${answer.exit}`, answer);
  }
  return results;
}
