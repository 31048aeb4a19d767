import { InputError } from '../../core/errors.ts';
import type { DecodingSettings } from '../greedy/decoding-settings.ts';
import type { Finished, Prompt } from '../greedy/finished.ts';
import { generate } from '../greedy/generate.ts';
import type { SegmentedModel } from '../session/segmented-model.ts';
import { generateAdaptively } from './adapt.ts';
import type { AdaptiveSettings } from './adaptive-settings.ts';
import { generateSpeculatively } from './speculate.ts';
import type { SpeculativeSettings } from './speculative-settings.ts';

/** How depth is chosen, one of them; nothing: at the exits that each prompt names. */
export interface DynamicSettings {
  readonly adaptive?: AdaptiveSettings | undefined;
  readonly speculative?: SpeculativeSettings | undefined;
}

/** Whether the model must have been opened with `openStepwise`. */
export function isDynamic({ adaptive, speculative }: DynamicSettings): boolean {
  return adaptive !== undefined || speculative !== undefined;
}

/**
 * Greedy responses by the strategy that the settings name.
 * @throws InputError `bad-option` for two strategies, and what each of them throws
 */
export function generateAny<Tag>(
  model: SegmentedModel,
  prompts: Iterable<Prompt<Tag>>,
  { adaptive, speculative, ...settings }: DecodingSettings & DynamicSettings,
  signal?: AbortSignal,
): AsyncGenerator<Finished<Tag>> {
  if (adaptive && speculative) throw twoStrategies();
  if (adaptive) return generateAdaptively(model, prompts, { ...settings, adaptive }, signal);
  if (speculative) return generateSpeculatively(model, prompts, { ...settings, speculative }, signal);
  return generate(model, prompts, settings, signal);
}

function twoStrategies(): InputError {
  return new InputError({
    code: 'bad-option',
    where: 'options of dynamic inference',
    expected: 'one of `adaptive` and `speculative`',
    found: 'both',
    fix: 'Leave one of them out.',
  });
}
