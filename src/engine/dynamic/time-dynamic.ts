import { type SpeedSettings, type TimedDecoding, WARM_UP_STEPS } from '../greedy/decode-speed.ts';
import type { SegmentedModel } from '../session/segmented-model.ts';
import { type DynamicSettings, openDynamicDecoder } from './generate-any.ts';

/**
 * Times decoding whose depth is chosen token by token: the rows of a batch continue one prompt, ends of sequence are
 * ignored, the prefill is not counted. It ends with the step in which all rows together have their tokens, which may
 * be some more.
 * @param model opened with `openStepwise`
 */
export async function timeDynamic(
  model: SegmentedModel,
  promptIds: readonly number[],
  { batchSize, steps }: SpeedSettings,
  dynamic: DynamicSettings,
): Promise<TimedDecoding> {
  const settings = { maxNewTokens: Number.POSITIVE_INFINITY, batchSize, eosTokenIds: [] };
  const decoder = openDynamicDecoder<number>(model, settings, dynamic);
  const prompts = Array.from({ length: batchSize }, (_, tag) => ({ tag, ids: promptIds, exits: [] }));
  const { rows } = await decoder.start(prompts);
  for (const row of rows) decoder.join(row);
  const tokens = () => rows.reduce((sum, { tokenIds }) => sum + tokenIds.length, 0);
  for (let step = 0; step < WARM_UP_STEPS; step++) await decoder.advance();
  const before = tokens();
  const startedAt = performance.now();
  while (!decoder.isEmpty() && tokens() < before + batchSize * steps) await decoder.advance();
  const durationMs = performance.now() - startedAt;
  await decoder.close();
  return { tokens: tokens() - before, durationMs };
}
