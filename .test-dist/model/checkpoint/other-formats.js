import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '../../core/errors.js';
/**
 * Refuses a folder of LoRA weights: alone they are no network, and beside one they may or may not be part of it.
 * @throws InputError `unsupported-model`
 */
export function refuseAdapter(folder) {
    const path = join(folder, 'adapter_config.json');
    if (!existsSync(path))
        return;
    throw new InputError({
        code: 'unsupported-model',
        where: path,
        expected: 'a checkpoint of whole weights',
        found: 'an adapter (LoRA)',
        fix: 'Merge it first: merge_and_unload() of peft, then save_pretrained. If these weights are merged, remove this file.',
    });
}
/**
 * Refuses weights that PyTorch pickled, where they are the only ones: reading them would run code.
 * @throws InputError `unsupported-model`
 */
export function refusePickledWeights(folder) {
    const names = ['pytorch_model.bin', 'pytorch_model.bin.index.json'];
    const found = names.find((name) => existsSync(join(folder, name)));
    if (found === undefined)
        return;
    throw new InputError({
        code: 'unsupported-model',
        where: join(folder, found),
        expected: 'model.safetensors or model.safetensors.index.json',
        found: 'pickled weights alone',
        fix: 'Convert them with transformers: from_pretrained, then save_pretrained, which writes safetensors.',
    });
}
