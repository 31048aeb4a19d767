import { contentKey } from '../../core/content-key.ts';
import type { JsonValue } from '../../core/json.ts';
import { thresholdsOf } from '../../engine/dynamic/adaptive-settings.ts';
import type { DynamicSettings } from '../../engine/dynamic/generate-any.ts';
import { requireDraft } from '../../engine/dynamic/speculative-settings.ts';
import { depthOf, type Manifest } from '../../model/folder/manifest.ts';
import { subModelKey } from '../../model/folder/sub-model-key.ts';

/**
 * Identity of what a dynamic sub-model computes: its settings, and the sub-models among which it chooses.
 * @param manifest with all files hashed
 * @throws InputError `unknown-exit` or `bad-option` for settings that do not fit the model
 */
export function dynamicKey(manifest: Manifest, settings: DynamicSettings): string {
  const exits = [...exitsAsked(manifest, settings), depthOf(manifest)];
  return contentKey('dynamic', {
    settings: JSON.parse(JSON.stringify(settings)) as JsonValue,
    subModels: exits.map((exit) => subModelKey(manifest, exit)),
  });
}

function exitsAsked(manifest: Manifest, { adaptive, speculative }: DynamicSettings): readonly number[] {
  if (speculative) requireDraft(manifest, speculative);
  return speculative ? [speculative.draft] : [...thresholdsOf(manifest, adaptive!).keys()];
}
