import { InputError } from '../../core/errors.ts';
import type { DecodingSettings } from '../greedy/decoding-settings.ts';
import type { Finished, Prompt } from '../greedy/finished.ts';
import { generate } from '../greedy/generate.ts';
import type { PromptReader } from '../greedy/start-responses.ts';
import type { SegmentedModel } from '../session/segmented-model.ts';
import { AdaptiveDecoder, generateAdaptively } from './adapt.ts';
import type { AdaptiveSettings } from './adaptive-settings.ts';
import type { DynamicDecoder } from './dynamic-decoder.ts';
import type { DynamicRow } from './dynamic-row.ts';
import { generateSpeculatively, SpeculativeDecoder } from './speculate.ts';
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

/**
 * Decodes each prompt with its depth chosen token by token; to be closed.
 * @param model opened with `openStepwise`
 * @param dynamic with one of the two strategies
 * @param read default: all prompts in one pass
 * @throws InputError `unknown-exit`, `bad-option`
 */
export function openDynamicDecoder<Tag>(
  model: SegmentedModel,
  settings: DecodingSettings,
  { adaptive, speculative }: DynamicSettings,
  read?: PromptReader<Tag>,
): DynamicDecoder<Tag, DynamicRow<Tag>> {
  if (speculative) return new SpeculativeDecoder<Tag>(model, settings, speculative, read);
  return new AdaptiveDecoder<Tag>(model, settings, adaptive!, read);
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
