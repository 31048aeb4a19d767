import { prefill } from '../forced/prefill.ts';
import type { DecodingSettings } from '../greedy/decoding-settings.ts';
import type { Prompt } from '../greedy/finished.ts';
import type { SegmentedModel } from '../session/segmented-model.ts';
import type { RowStart } from './dynamic-row.ts';

/** What a strategy starts from: its prompts were read at full depth. */
export interface ReadPrompts<Row> {
  readonly rows: readonly Row[];
  /** For each segment and row, the state [1, D] of the prompt's last token after it. */
  readonly states: readonly (readonly Float32Array[])[];
}

/** Reads prompts of one length together, through all segments. */
export async function readPrompts<Tag, Row>(
  model: SegmentedModel,
  prompts: readonly Prompt<Tag>[],
  settings: DecodingSettings,
  makeRow: (start: RowStart<Tag>) => Row,
): Promise<ReadPrompts<Row>> {
  const startedAt = performance.now();
  const sequences = prompts.map(({ ids }) => ids);
  const segments = model.manifest.segments.length;
  const { cache, hidden } = await prefill(model, sequences, { segments, from: sequences[0]!.length - 1 });
  const { hiddenSize } = model.manifest.architecture;
  return {
    rows: prompts.map((prompt, row) => makeRow({ model, prompt, settings, startedAt, cache, cacheRow: row })),
    states: hidden.map((after) =>
      prompts.map((_, row) => after.subarray(row * hiddenSize, (row + 1) * hiddenSize)),
    ),
  };
}
