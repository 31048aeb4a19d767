import { measureDecodeSpeed, type SpeedSettings } from '../../engine/greedy/decode-speed.ts';
import { SegmentedModel } from '../../engine/session/segmented-model.ts';

export interface SpeedInput {
  /** Model folder. */
  readonly folder: string;
  readonly promptIds: readonly number[];
  readonly settings: readonly (SpeedSettings & { readonly exit: number })[];
}

/** The speed at each setting, in their order. */
export async function* speedJob(
  { folder, promptIds, settings }: SpeedInput,
  signal: AbortSignal,
): AsyncGenerator<{ tokens: number; durationMs: number }> {
  const model = await SegmentedModel.open(folder);
  try {
    for (const { exit, ...rest } of settings) {
      signal.throwIfAborted();
      yield await measureDecodeSpeed(model, promptIds, exit, rest);
    }
  } finally {
    await model.close();
  }
}
