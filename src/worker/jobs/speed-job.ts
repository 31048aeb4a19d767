import { measureDecodeSpeed, type SpeedSettings } from '../../engine/greedy/decode-speed.ts';
import { SegmentedModel } from '../../engine/session/segmented-model.ts';
import type { Job } from './job.ts';

export interface SpeedInput {
  /** Model folder. */
  readonly folder: string;
  readonly promptIds: readonly number[];
  readonly settings: readonly Setting[];
}

type Setting = SpeedSettings & { readonly exit: number };
type Common = Omit<SpeedInput, 'settings'>;
type Speed = { tokens: number; durationMs: number };

/** The speed at each setting. For one worker: then they come in their order, and nothing else runs meanwhile. */
export const speedJob: Job<SpeedInput, Common, Setting, Speed> = {
  demand: ({ folder }) => ({ count: 1, folders: [folder], cacheBytes: 0 }),
  split: ({ settings, ...common }) => ({ common, pieces: settings }),
  async *run({ folder, promptIds }, { pieces, threads, signal }) {
    const model = await SegmentedModel.open(folder, threads);
    try {
      for (const { exit, ...rest } of pieces) {
        signal.throwIfAborted();
        yield await measureDecodeSpeed(model, promptIds, exit, rest);
      }
    } finally {
      await model.close();
    }
  },
};
