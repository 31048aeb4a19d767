import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '../../core/errors.ts';

/**
 * Refuses a folder of LoRA weights: alone they are not a network, and beside one they may or may not be
 * merged into it.
 * @throws InputError `unsupported-model`
 */
export function refuseAdapter(folder: string): void {
  const path = join(folder, 'adapter_config.json');
  if (!existsSync(path)) return;
  throw new InputError({
    code: 'unsupported-model',
    where: path,
    expected: 'a checkpoint of whole weights',
    found: 'an adapter (LoRA)',
    fix: 'Merge it first: merge_and_unload() of peft, then save_pretrained. If these weights are merged, remove this file.',
  });
}
