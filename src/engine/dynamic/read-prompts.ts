import type { DecodingSettings } from '../greedy/decoding-settings.ts';
import type { Prompt } from '../greedy/finished.ts';
import type { PromptReader } from '../greedy/start-responses.ts';
import type { SegmentedModel } from '../session/segmented-model.ts';
import type { RowStart } from './dynamic-row.ts';

/** What a strategy starts from: its prompts were read at full depth. */
export interface StartedRows<Row> {
  readonly rows: readonly Row[];
  /** For each segment and row, the state [1, D] of the prompt's last token after it. */
  readonly states: readonly (readonly Float32Array[])[];
}

/** What all prompts of a decoder have in common. */
export interface Reading<Tag> {
  readonly model: SegmentedModel;
  readonly settings: DecodingSettings;
  readonly read: PromptReader<Tag>;
}

/** Reads prompts of one length together, through all segments. */
export async function readPrompts<Tag, Row>(
  { model, settings, read }: Reading<Tag>,
  prompts: readonly Prompt<Tag>[],
  makeRow: (start: RowStart<Tag>) => Row,
): Promise<StartedRows<Row>> {
  const startedAt = performance.now();
  const { hiddenSize } = model.manifest.architecture;
  const { places, hidden } = await read(prompts, model.manifest.segments.length);
  const start = { model, settings, startedAt };
  return {
    rows: prompts.map((prompt, index) => {
      const { cache, row: cacheRow } = places[index]!;
      return makeRow({ ...start, prompt, cache, cacheRow });
    }),
    states: hidden.map((after) =>
      prompts.map((_, row) => after.subarray(row * hiddenSize, (row + 1) * hiddenSize)),
    ),
  };
}
