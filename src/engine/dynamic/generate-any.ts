import type { DecodingSettings } from '../greedy/decoding-settings.ts';
import type { Finished, Prompt } from '../greedy/finished.ts';
import { generate } from '../greedy/generate.ts';
import type { SegmentedModel } from '../session/segmented-model.ts';
import { generateSpeculatively } from './speculate.ts';
import type { SpeculativeSettings } from './speculative-settings.ts';

/** How depth is chosen; nothing: at the exits that each prompt names. */
export interface DynamicSettings {
  readonly speculative?: SpeculativeSettings | undefined;
}

/** Whether the model must have been opened with `openStepwise`. */
export function isDynamic({ speculative }: DynamicSettings): boolean {
  return speculative !== undefined;
}

/** Greedy responses by the strategy that the settings name. */
export function generateAny<Tag>(
  model: SegmentedModel,
  prompts: Iterable<Prompt<Tag>>,
  { speculative, ...settings }: DecodingSettings & DynamicSettings,
  signal?: AbortSignal,
): AsyncGenerator<Finished<Tag>> {
  if (speculative) return generateSpeculatively(model, prompts, { ...settings, speculative }, signal);
  return generate(model, prompts, settings, signal);
}
