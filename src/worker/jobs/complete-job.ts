import { cacheBytes, DEFAULT_MEMORY_MB, megabytes } from '../../engine/cache/memory-budget.ts';
import {
  type Completion,
  type CompletionPrompt,
  type CompletionSettings,
  openCompleter,
} from '../../engine/complete.ts';
import { readManifest } from '../../model/folder/read-manifest.ts';
import type { Demand, Job } from './job.ts';
import { cutNeighbours } from './neighbours.ts';
import { tokensAtMost } from './tokens-at-most.ts';

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
  demand,
  split({ folder, settings, prompts }, workers) {
    const size = Math.min(MAX_NEIGHBOURS, Math.ceil(prompts.length / (workers * PIECES)));
    const texts = prompts.map(({ text }) => text);
    const pieces = cutNeighbours(texts, size).map(([start, end]) => prompts.slice(start, end));
    return { common: { folder, settings: partOf(settings, workers, prompts.length) }, pieces };
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

function demand({ folder, settings, prompts }: CompleteInput): Demand {
  const { architecture } = readManifest(folder);
  const { maxNewTokens, batchSize, memoryMB = DEFAULT_MEMORY_MB } = settings;
  const texts = prompts.map(({ text }) => text);
  const row = cacheBytes(architecture, tokensAtMost(texts, maxNewTokens, architecture));
  const bytes = { workerBytes: batchSize * row, cacheBytes: megabytes(memoryMB) };
  return { count: prompts.length, folders: [folder], ...bytes };
}

/**
 * A worker's part of the memory; it reads ahead no more than a quarter of its part of the prompts. Each has a whole
 * batch.
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
