import { join, resolve } from 'node:path';
import { z } from 'zod';
import { InputError } from '../../core/errors.js';
import { familyOf } from '../networks/family-of.js';
import { requireTensors } from './checkpoint-tensors.js';
import { checkExits, defaultExits, readExitsFile } from './exits-file.js';
import { eosIdList, generationConfigSchema } from './huggingface-config.js';
import { readModelJson } from './model-json.js';
import { refuseAdapter, refusePickledWeights } from './other-formats.js';
import { architectureOf, checkConfig } from './read-config.js';
import { notesOn } from './refuse-config.js';
import { isPlainFileName, isThere } from './regular-file.js';
import { readSafetensorsHeader } from './safetensors.js';
import { expectedTensors } from './tensor-names.js';
const indexSchema = z.looseObject({ weight_map: z.record(z.string(), z.unknown()) });
/**
 * Opens a checkpoint folder: config.json, one or many safetensors files, exits.json and the early-exit heads.
 * @throws InputError naming the file, tensor or key that does not fit
 */
export function openCheckpoint(folder, exitsOption) {
    refuseAdapter(folder);
    const path = join(folder, 'config.json');
    const fix = 'Give the folder of a Hugging Face checkpoint.';
    const config = checkConfig(readModelJson(path, z.unknown(), { fix }), path);
    const architecture = architectureOf(config, path);
    const exitsFile = readExitsFile(folder);
    const exits = exitsOption ?? exitsFile?.exits ?? defaultExits(architecture.layers);
    checkExits(exits, architecture.layers, exitsOption ? 'the exits asked for' : join(folder, 'exits.json'));
    const kind = exitsFile?.kind ?? 'plain';
    const files = weightFiles(folder, kind, exitsFile?.base).map(readSafetensorsHeader);
    const expected = expectedTensors(architecture, kind === 'early-exit' ? exits : []);
    return {
        folder,
        kind,
        architecture,
        exits,
        eosTokenIds: readEosIds(folder, config.eos_token_id),
        notes: notesOn(familyOf(config, path), config, architecture.contextLength),
        files,
        tensors: requireTensors(files, expected, folder),
    };
}
/** An early-exit checkpoint has heads of its own; its layers lie in the checkpoint that it was trained from. */
function weightFiles(folder, kind, base) {
    if (kind !== 'early-exit')
        return layerFiles(folder);
    const layers = layerFiles(base === undefined ? folder : resolve(folder, base));
    return [...layers, join(folder, 'exit_heads.safetensors')];
}
function layerFiles(folder) {
    const indexPath = join(folder, 'model.safetensors.index.json');
    if (!isThere(indexPath))
        return [onlyFile(folder)];
    const fix = 'Download the index again.';
    const index = readModelJson(indexPath, indexSchema, { fix });
    const names = [...new Set(Object.values(index.weight_map))].map((name) => shardName(name, indexPath));
    return names.sort().map((name) => join(folder, name));
}
function onlyFile(folder) {
    const path = join(folder, 'model.safetensors');
    if (!isThere(path))
        refusePickledWeights(folder);
    return path;
}
/** A shard's name comes from a foreign file: it must not lead out of the folder. */
function shardName(name, indexPath) {
    if (isPlainFileName(name) && name.endsWith('.safetensors'))
        return name;
    throw new InputError({
        code: 'bad-checkpoint',
        where: `${indexPath}: weight_map`,
        expected: 'the name of a .safetensors file in the same folder',
        found: JSON.stringify(name),
        fix: 'Download the index again.',
    });
}
/** generation_config.json may name more ends than config.json (chat models: the end of a turn). */
function readEosIds(folder, fromConfig) {
    const path = join(folder, 'generation_config.json');
    if (!isThere(path))
        return eosIdList(fromConfig);
    const fix = 'Repair or remove generation_config.json.';
    const generation = readModelJson(path, generationConfigSchema, { fix });
    return eosIdList(generation.eos_token_id ?? fromConfig);
}
