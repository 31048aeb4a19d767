import { availableMemory, USABLE_SHARE } from '../../core/available-memory.ts';
import type { DynamicSettings } from '../../engine/dynamic/generate-any.ts';
import { timeDynamic } from '../../engine/dynamic/time-dynamic.ts';
import { DecodeBatch, type DecodeRow } from '../../engine/greedy/decode-batch.ts';
import {
  readPrompt,
  type SpeedSettings,
  type TimedDecoding,
  timeDecoding,
} from '../../engine/greedy/decode-speed.ts';
import { SegmentedModel } from '../../engine/session/segmented-model.ts';
import { executionProvider } from '../../model/folder/provider.ts';
import { readManifest } from '../../model/folder/read-manifest.ts';
import { openBytes } from '../../model/folder/sizes/model-size.ts';
import type { Job } from './job.ts';

export interface SpeedInput {
  /** In the order in which they are taken. */
  readonly turns: readonly SpeedTurn[];
}

/** What is timed of one model before another has its turn. */
export interface SpeedTurn {
  /** Model folder. */
  readonly folder: string;
  readonly promptIds: readonly number[];
  /** How depth is chosen token by token; then exits of timings are not looked at. */
  readonly dynamic?: DynamicSettings | undefined;
  readonly timings: readonly Timing[];
}

export interface Timing extends SpeedSettings {
  /** Comes back with the result. */
  readonly tag: number;
  readonly exit: number;
}

export interface SpeedCommon {
  /** Whether memory holds all models at once; else each is opened for its turn alone. */
  readonly keepsOpen: boolean;
}

type Timed = TimedDecoding & Pick<Timing, 'tag'>;

/** Times one setting after the other. For one worker: then they come in their order, and nothing else runs meanwhile. */
export const speedJob: Job<SpeedInput, SpeedCommon, SpeedTurn, Timed> = {
  demand: (input) => ({ count: 1, folders: foldersOf(input), cacheBytes: 0 }),
  split: (input) => ({ common: { keepsOpen: fitTogether(foldersOf(input)) }, pieces: input.turns }),
  async *run({ keepsOpen }, { pieces, threads, signal }) {
    const open = new Map<string, SegmentedModel>();
    try {
      for (const turn of pieces) {
        signal.throwIfAborted();
        const graphs = graphsOf(turn);
        if (!keepsOpen && !open.has(graphs)) await closeAll(open);
        if (!open.has(graphs)) open.set(graphs, await openGraphs(turn, threads));
        yield* timeTurn(open.get(graphs)!, turn, signal);
      }
    } finally {
      await closeAll(open);
    }
  },
};

async function* timeTurn(
  model: SegmentedModel,
  { promptIds, timings, dynamic }: SpeedTurn,
  signal: AbortSignal,
): AsyncGenerator<Timed> {
  if (dynamic) {
    for (const { tag, ...settings } of timings) {
      signal.throwIfAborted();
      yield { tag, ...(await timeDynamic(model, promptIds, settings, dynamic)) };
    }
    return;
  }
  const deepest = Math.max(...timings.map(({ exit }) => exit));
  const prompt = await readPrompt(model, promptIds, deepest);
  let batch: DecodeBatch<DecodeRow> | undefined;
  for (const { tag, exit, ...settings } of timings) {
    signal.throwIfAborted();
    if (batch?.size !== settings.batchSize) batch = new DecodeBatch(model, settings.batchSize);
    yield { tag, ...(await timeDecoding(model, prompt, exit, settings, batch)) };
  }
}

async function closeAll(open: Map<string, SegmentedModel>): Promise<void> {
  for (const model of open.values()) await model.close();
  open.clear();
}

/** Dynamic inference runs graphs of its own over a folder's weights. */
const graphsOf = ({ folder, dynamic }: SpeedTurn) => `${dynamic ? 'stepwise' : 'plain'} ${folder}`;

function openGraphs({ folder, dynamic }: SpeedTurn, threads?: number): Promise<SegmentedModel> {
  return dynamic ? SegmentedModel.openStepwise(folder, threads) : SegmentedModel.open(folder, threads);
}

const foldersOf = ({ turns }: SpeedInput) => [
  ...new Map(turns.map((turn) => [graphsOf(turn), turn.folder])).values(),
];

/** What a device has free is not known here. */
function fitTogether(folders: readonly string[]): boolean {
  const bytes = folders.reduce((sum, folder) => sum + openBytes(readManifest(folder)), 0);
  return executionProvider() === 'cpu' && bytes <= USABLE_SHARE * availableMemory();
}
