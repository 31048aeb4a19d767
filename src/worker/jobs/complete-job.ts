import { DEFAULT_MEMORY_MB } from '../../engine/cache/memory-budget.ts';
import {
  type Completion,
  type CompletionPrompt,
  type CompletionSettings,
  openCompleter,
} from '../../engine/complete.ts';
import { batchDemand, batchNeedsOf, batchNote, fittingBatch } from './batch-needs.ts';
import type { Job } from './job.ts';
import { cutNeighbours } from './neighbours.ts';

export interface CompleteInput {
  /** Model folder. */
  readonly folder: string;
  readonly settings: CompletionSettings;
  /** Tagged with their index. */
  readonly prompts: readonly IndexedPrompt[];
}

type IndexedPrompt = CompletionPrompt<number>;
type Common = Omit<CompleteInput, 'prompts'>;

/** Most prompts of a piece: their common beginning is read once for all of them. */
const MAX_NEIGHBOURS = 128;
/** Pieces of each worker, if there are few prompts: the last ones to end are not waited for long. */
const PIECES = 16;

/** What the full depth of a model writes to each prompt, in the order in which the texts end. */
export const completeJob: Job<CompleteInput, Common, readonly IndexedPrompt[], Completion<number>> = {
  demand: (input) => batchDemand(needsOf(input), input.prompts.length),
  split(input, workers) {
    const { folder, settings, prompts } = input;
    const size = Math.min(MAX_NEIGHBOURS, Math.ceil(prompts.length / (workers * PIECES)));
    const texts = prompts.map(({ text }) => text);
    const pieces = cutNeighbours(texts, size).map(([start, end]) => prompts.slice(start, end));
    const needs = needsOf(input);
    const batchSize = fittingBatch(needs, workers);
    const part = partOf({ ...settings, batchSize }, workers, prompts.length);
    return { common: { folder, settings: part }, pieces, note: batchNote(needs, batchSize) };
  },
  async *run({ folder, settings }, { pieces, threads = settings.threads, signal }) {
    const completer = await openCompleter(folder, { ...settings, threads });
    try {
      yield* completer.complete(flat(pieces), signal);
    } finally {
      await completer.close();
    }
  },
};

function needsOf({ folder, settings, prompts }: CompleteInput) {
  const texts = prompts.map(({ text }) => text);
  return batchNeedsOf(folder, texts, settings);
}

/**
 * A worker's part of the memory; it reads ahead no more than a quarter of its part of the prompts. Each has a whole
 * batch, if memory holds it.
 */
function partOf(settings: CompletionSettings, workers: number, prompts: number): CompletionSettings {
  if (workers === 1) return settings;
  return {
    ...settings,
    memoryMB: (settings.memoryMB ?? DEFAULT_MEMORY_MB) / workers,
    maxPromptsRead: Math.ceil(prompts / (4 * workers)),
  };
}

function* flat<Item>(pieces: Iterable<readonly Item[]>): Generator<Item> {
  for (const piece of pieces) yield* piece;
}
